import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { decode, encode, type Packet, streamEncode } from "dns-packet";
import { AUTHORITATIVE, answer, type DnsData, FORMAT_ERROR, TRUNCATED } from "./answer";

/** A listening name server. */
export interface DnsServer {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Flag by which a client asks for recursion. The answer repeats it. */
const RECURSION_DESIRED = 1 << 8;
/** Longest UDP answer in bytes: without EDNS (RFC 1035), and with it (DNS flag day 2020). */
const PLAIN_SIZE = 512;
const EDNS_SIZE = 1232;

/** Serves the records by TCP and UDP at one port; 0 takes any port free for both. @throws when the port is in use */
export async function startDnsServer(address: string, port: number, data: () => DnsData): Promise<DnsServer> {
  const connections = new Set<Socket>();
  const tcp = createServer((socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket)).on("error", () => socket.destroy());
    serveStream(socket, data);
  });
  tcp.listen(port, address);
  await once(tcp, "listening");
  const bound = (tcp.address() as AddressInfo).port;

  const udp = createSocket("udp4");
  udp.on("message", (message, { address: to, port: at }) => {
    const response = respond(message, data());
    if (response) udp.send(fitted(response), at, to);
  });
  udp.bind(bound, address);
  try {
    await once(udp, "listening");
  } catch (error) {
    await new Promise((resolve) => tcp.close(resolve));
    if (port === 0 && (error as NodeJS.ErrnoException).code === "EADDRINUSE") return startDnsServer(address, 0, data);
    throw error;
  }

  return {
    address,
    port: bound,
    async close() {
      for (const socket of connections) socket.destroy();
      await Promise.all([closed(udp), new Promise((resolve) => tcp.close(resolve))]);
    },
  };
}

const closed = (socket: UdpSocket) => new Promise<void>((resolve) => socket.close(() => resolve()));

/** Answers each message of a stream. Two bytes before a message give its length. */
function serveStream(socket: Socket, data: () => DnsData): void {
  let pending = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const message = pending.subarray(0, 2 + pending.readUInt16BE(0));
      pending = pending.subarray(message.length);
      const response = respond(message.subarray(2), data());
      if (response) socket.write(streamEncode(response));
    }
  });
}

/** The response to a message; undefined when the message is not a query. */
function respond(message: Buffer, data: DnsData): Packet | undefined {
  const query = decoded(message);
  if (query?.type !== "query") return undefined;
  const [question] = query.questions ?? [];
  const response: Packet = { type: "response", id: query.id, questions: query.questions };
  const flags = (query.flags ?? 0) & RECURSION_DESIRED;
  if (!question) return { ...response, flags: flags | FORMAT_ERROR };
  const found = answer(question, data);
  const edns = query.additionals?.some(({ type }) => type === "OPT") ?? false;
  const additionals: Packet["additionals"] = edns
    ? [
        {
          type: "OPT",
          name: ".",
          udpPayloadSize: EDNS_SIZE,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [],
        },
      ]
    : [];
  return { ...response, ...found, flags: flags | (found.flags ?? 0), additionals };
}

function decoded(message: Buffer): Packet | undefined {
  try {
    return decode(message);
  } catch {
    return undefined; // ignores malformed packets on the UDP port
  }
}

/** Encodes a response as one datagram. A longer answer is truncated, so that the client asks again by TCP. */
function fitted(response: Packet): Buffer {
  const size = response.additionals?.length ? EDNS_SIZE : PLAIN_SIZE;
  const whole = encode(response);
  if (whole.length <= size) return whole;
  return encode({
    ...response,
    flags: AUTHORITATIVE | TRUNCATED | (response.flags ?? 0),
    answers: [],
    authorities: [],
  });
}
