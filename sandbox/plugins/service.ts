import * as grpc from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { changes, diffResponse } from "./changes";
import type { ExistingResource, Provider, Resource } from "./provider";
import type { Properties } from "./values";

const properties = (struct: Struct | undefined): Properties => (struct?.toJavaScript() ?? {}) as Properties;

/** A message of the protocol. Undefined values cannot be written and are left out. */
const struct = (values: Properties): Struct =>
  Struct.fromJavaScript(JSON.parse(JSON.stringify(values)) as Record<string, JavaScriptValue>);

/** A method of the service from a function that answers or throws. The engine shows the error's message. */
function method<Request, Response>(answer: (request: Request) => Promise<Response> | Response) {
  return (call: grpc.ServerUnaryCall<Request, Response>, callback: grpc.sendUnaryData<Response>): void => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => callback(null, response),
        (error: Error) => callback({ code: grpc.status.UNKNOWN, details: error.message }),
      );
  };
}

/**
 * The engine's protocol (pulumi proto/pulumi/provider.proto), implemented by a {@link Provider}.
 * @param attach called with the address of an engine that did not start this process
 */
export function resourceProvider(
  provider: Provider,
  attach: (address: string) => void,
): grpc.UntypedServiceImplementation {
  return {
    attach: method((request: plugin.PluginAttach) => {
      attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: method(() => {
      const response = new plugin.PluginInfo();
      response.setVersion(provider.version);
      return response;
    }),
    checkConfig: method((request: rpc.CheckRequest) => {
      const response = new rpc.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: method((request: rpc.DiffRequest) => diff(request, [])),
    configure: method((request: rpc.ConfigureRequest) => {
      provider.configure(properties(request.getArgs()));
      const response = new rpc.ConfigureResponse();
      response.setAcceptsecrets(provider.acceptsSecrets);
      response.setSupportspreview(true);
      return response;
    }),
    check: method((request: rpc.CheckRequest) => {
      const { inputs, failures } = provider.check(request.getType(), properties(request.getNews()));
      const response = new rpc.CheckResponse();
      response.setInputs(struct(inputs));
      response.setFailuresList(
        Object.entries(failures).map(([property, reason]) => {
          const failure = new rpc.CheckFailure();
          failure.setProperty(property);
          failure.setReason(reason);
          return failure;
        }),
      );
      return response;
    }),
    diff: method((request: rpc.DiffRequest) => diff(request, provider.replaces(request.getType()))),
    create: method(async (request: rpc.CreateRequest) => {
      const inputs = properties(request.getProperties());
      const response = new rpc.CreateResponse();
      if (request.getPreview()) {
        response.setProperties(struct(provider.preview(request.getType(), inputs)));
        return response;
      }
      const { id, outputs } = await provider.create(resource(request, inputs));
      response.setId(id);
      response.setProperties(struct(outputs));
      return response;
    }),
    read: method(async (request: rpc.ReadRequest) => {
      const found = await provider.read({
        type: request.getType(),
        id: request.getId(),
        outputs: properties(request.getProperties()),
        inputs: properties(request.getInputs()),
      });
      const response = new rpc.ReadResponse(); // an answer without id reports that the resource is gone
      if (!found) return response;
      response.setId(found.id);
      response.setProperties(struct(found.outputs));
      response.setInputs(struct(found.inputs));
      return response;
    }),
    update: method(async (request: rpc.UpdateRequest) => {
      const inputs = properties(request.getNews());
      const response = new rpc.UpdateResponse();
      const outputs = request.getPreview()
        ? provider.preview(request.getType(), inputs)
        : await provider.update(existing(request, inputs, properties(request.getOlds())));
      response.setProperties(struct(outputs));
      return response;
    }),
    delete: method(async (request: rpc.DeleteRequest) => {
      const outputs = properties(request.getProperties());
      await provider.delete(existing(request, outputs, outputs));
      return new Empty();
    }),
    invoke: method(async (request: rpc.InvokeRequest) => {
      const response = new rpc.InvokeResponse();
      response.setReturn(struct(await provider.invoke(request.getTok(), properties(request.getArgs()))));
      return response;
    }),
    cancel: method(async () => {
      await provider.cancel();
      return new Empty();
    }),
  };
}

type OperationRequest = rpc.CreateRequest | rpc.UpdateRequest | rpc.DeleteRequest;

const resource = (request: OperationRequest, values: Properties): Resource => ({
  type: request.getType(),
  name: request.getName(),
  urn: request.getUrn(),
  properties: values,
  timeout: request.getTimeout(),
});

const existing = (
  request: rpc.UpdateRequest | rpc.DeleteRequest,
  values: Properties,
  outputs: Properties,
): ExistingResource => ({ ...resource(request, values), id: request.getId(), outputs });

const diff = (request: rpc.DiffRequest, replaces: readonly string[]): rpc.DiffResponse =>
  diffResponse(changes(properties(request.getOldInputs()), properties(request.getNews())), replaces);
