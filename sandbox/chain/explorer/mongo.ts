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

type Environment = Readonly<Record<string, string>>;
type Databases = Map<string, Database>;

/** Data of the running servers by the id that they tell. All simulators of a cluster share one process. */
const servers = new Map<string, Databases>();

const PORT = 27017;

/** Stands for no user and no password. */
const NOBODY = ":";

/** What a client of HTTP is told (mongo src/mongo/transport/asio). */
const TO_PEOPLE = "It looks like you are trying to access MongoDB over HTTP on the native driver port.\r\n";
const HTTP_ANSWER = [
  "HTTP/1.0 200 OK",
  "Connection: close",
  "Content-Type: text/plain",
  `Content-Length: ${TO_PEOPLE.length}`,
  "",
  TO_PEOPLE,
].join("\r\n");

/** Milliseconds from a lost connection to the next attempt. */
const RECONNECT = 500;

/**
 * Stands in for `mongo`. It tells its id to whoever sends the user and password that its environment has. A client that
 * receives the id has reached this server over the real network, and finds the data by it. The data are lost when the
 * server stops. Without a user it serves everybody, as the image does.
 * @throws when the environment has one of user and password, as the image
 */
export const mongo: Program = async ({ address, env, log }) => {
  const login = loginOf(env);
  const id = randomUUID();
  servers.set(id, new Map());
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    let said = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (!said.endsWith("\n")) return;
      if (said.startsWith("GET ")) return void (said.endsWith("\r\n\r\n") && socket.end(HTTP_ANSWER));
      if (login === NOBODY || said === `${login}\n`) return socket.write(`${id}\n`);
      log("Authentication failed");
      socket.destroy();
    });
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
 * @throws when the URI is missing or does not have the form `mongodb://USER:PASSWORD@HOST:PORT`
 */
export function databaseClient(env: Environment): DatabaseClient {
  const { hostname, port, login } = parseUri(env.SPACEMESH_MONGO_URI);
  const name = env.SPACEMESH_MONGO_DB ?? "explorer";
  let socket: Socket;
  let databases: Databases | undefined;
  let reconnecting: NodeJS.Timeout | undefined;

  const open = () => {
    socket = connect({ host: hostname, port }, () => socket.write(`${login}\n`));
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

function parseUri(uri: string | undefined): { hostname: string; port: number; login: string } {
  const url = uri && URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.protocol !== "mongodb:") {
    throw new Error(
      `SPACEMESH_MONGO_URI is ${uri ? "another" : "not set"}, expected mongodb://USER:PASSWORD@HOST:PORT`,
    );
  }
  return { hostname: url.hostname, port: Number(url.port || PORT), login: `${url.username}:${url.password}` };
}

/** User and password as a client sends them (docker-library/mongo, docker-entrypoint.sh). */
function loginOf({ MONGO_INITDB_ROOT_USERNAME: user, MONGO_INITDB_ROOT_PASSWORD: password }: Environment): string {
  if (Boolean(user) !== Boolean(password)) {
    throw new Error("both MONGO_INITDB_ROOT_USERNAME and MONGO_INITDB_ROOT_PASSWORD must be specified");
  }
  return user ? `${user}:${password}` : NOBODY;
}
