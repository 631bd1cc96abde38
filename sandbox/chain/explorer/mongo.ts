import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { Program } from "../../kubernetes/program";
import type { Epoch, Layer, NetworkInfo } from "./records";

/** The explorer's collections of one database. */
export interface Database {
  networkInfo?: NetworkInfo;
  /** By number. */
  readonly epochs: Map<number, Epoch>;
  /** By number. */
  readonly layers: Map<number, Layer>;
}

type Databases = Map<string, Database>;

/** Data of the running servers by the id in their greeting. All simulators of a cluster share one process. */
const servers = new Map<string, Databases>();

const PORT = 27017;

/** Milliseconds from a lost connection to the next attempt. */
const RECONNECT = 500;

/**
 * Stands in for `mongo`. It only sends its id as a greeting. A client that receives it has reached this server over the
 * real network, and finds the data by the id. The data are lost when the server stops.
 */
export const mongo: Program = async ({ address, log }) => {
  const id = randomUUID();
  servers.set(id, new Map());
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.write(`${id}\n`);
  });
  server.listen(PORT, address);
  await once(server, "listening");
  log(`waiting for connections on port ${PORT}`);
  return {
    ready: () => server.listening,
    ended: new Promise(() => undefined),
    async stop() {
      servers.delete(id);
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

/** A connection to a database that reconnects by itself, as MongoDB's driver does. */
export interface DatabaseClient {
  /** The database while its server is reachable; undefined otherwise. */
  database(): Database | undefined;
  close(): void;
}

/**
 * Connects to the database of SPACEMESH_MONGO_URI and SPACEMESH_MONGO_DB (explorer-backend cmd/apiserver/main.go).
 * @throws when the URI is missing or does not have the form `mongodb://HOST:PORT`
 */
export function databaseClient(env: Readonly<Record<string, string>>): DatabaseClient {
  const { hostname, port } = parseUri(env.SPACEMESH_MONGO_URI);
  const name = env.SPACEMESH_MONGO_DB ?? "explorer";
  let socket: Socket;
  let databases: Databases | undefined;
  let reconnecting: NodeJS.Timeout | undefined;

  const open = () => {
    socket = connect({ host: hostname, port });
    let greeting = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      greeting += text;
      if (greeting.endsWith("\n")) databases = servers.get(greeting.trim());
    });
    // "close" follows and starts the next attempt.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      databases = undefined;
      reconnecting = setTimeout(open, RECONNECT);
    });
  };
  open();

  return {
    database: () => databases && databaseNamed(databases, name),
    close() {
      socket.removeAllListeners("close");
      socket.destroy();
      clearTimeout(reconnecting);
    },
  };
}

function databaseNamed(databases: Databases, name: string): Database {
  const database = databases.get(name) ?? { epochs: new Map(), layers: new Map() };
  databases.set(name, database);
  return database;
}

function parseUri(uri: string | undefined): { hostname: string; port: number } {
  const url = uri && URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.protocol !== "mongodb:") {
    throw new Error(`SPACEMESH_MONGO_URI is ${uri ?? "not set"}, expected mongodb://HOST:PORT`);
  }
  return { hostname: url.hostname, port: Number(url.port || PORT) };
}
