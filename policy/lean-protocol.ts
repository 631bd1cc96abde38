import type { ReportViolation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { AnalyzeRequest, AnalyzerResourceOptions, AnalyzeStackRequest } from "@pulumi/pulumi/proto/analyzer_pb";

// The engine shows each resource once to remediations too, and all of them once more at the end. No policy of ours
// reads either, and unpacking both took more time than all checks (docs/performance.md).

/** A policy that reads neither. The compiler refuses any other. */
export type LeanPolicy =
  | (ResourceValidationPolicy & { readonly remediateResource?: never })
  | (Omit<StackValidationPolicy, "validateStack"> & {
      validateStack(unread: object, report: ReportViolation): Promise<void>;
    });

/** Field 2 of the message, `properties`, as an empty message (pulumi proto/pulumi/analyzer.proto). */
const NO_PROPERTIES = Uint8Array.of(0x12, 0);

/** Lets the library unpack neither. It builds its service from these descriptions. */
export function leavePacked(): void {
  Object.assign(AnalyzerService, {
    remediate: { ...AnalyzerService.remediate, requestDeserialize: nothing },
    analyzeStack: { ...AnalyzerService.analyzeStack, requestDeserialize: () => new AnalyzeStackRequest() },
  });
}

function nothing(): AnalyzeRequest {
  const request = AnalyzeRequest.deserializeBinary(NO_PROPERTIES);
  request.setOptions(new AnalyzerResourceOptions());
  return request;
}
