import "./lean-sdk";
import { CheckedStack } from "./checked-stack";
import { servePolicies } from "./pack";

const stack = new CheckedStack(process.env);
servePolicies(() => stack);
