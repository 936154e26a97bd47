import { createSocket } from "node:dgram";
import { connect } from "node:net";

/** What came of a connection to a port of TCP. */
export interface Connection {
  readonly address: string;
  readonly port: number;
  readonly outcome: "answers" | "refused" | "silent" | "no route";
}

/** How long a connection may take, in seconds. */
export const connectSeconds = 3;

/** Makes a connection, and ends it at once. */
export function tryConnection(address: string, port: number): Promise<Connection> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (outcome: Connection["outcome"]) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ address, port, outcome });
    };
    const timer = setTimeout(() => end("silent"), connectSeconds * 1000);
    socket.once("connect", () => end("answers"));
    socket.once("error", ({ code }: NodeJS.ErrnoException) =>
      end(
        code === "ECONNREFUSED" || code === "ECONNRESET"
          ? "refused"
          : // EHOSTUNREACH: on its network nobody answers ARP for it.
            code === "ENETUNREACH"
            ? "no route"
            : "silent",
      ),
    );
  });
}

/** The address that this host asks another one from; undefined where it has no route. Nothing is sent. */
export function ownAddressTowards(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    const end = (own: string | undefined) => {
      socket.close();
      resolve(own);
    };
    socket.once("error", () => end(undefined));
    socket.connect(9, address, () => end(socket.address().address));
  });
}
