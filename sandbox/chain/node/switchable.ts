import type { Listening } from "../serve-http";

/** Servers that can be turned off and on. */
export interface Switch {
  /** Resolves when this or a later setting is in effect. Rejects when the servers cannot be opened. */
  set(on: boolean): Promise<void>;
  isOn(): boolean;
}

/** Servers that are off at first. Settings take effect one after the other. */
export function switchable(open: () => Promise<readonly Listening[]>): Switch {
  let servers: readonly Listening[] | undefined;
  let settling = Promise.resolve();

  const settle = async (on: boolean) => {
    if (on) {
      servers ??= await open();
      return;
    }
    const closing = servers ?? [];
    servers = undefined;
    await Promise.all(closing.map((server) => server.close()));
  };

  return {
    isOn: () => servers !== undefined,
    set(on) {
      const settled = settling.then(() => settle(on));
      settling = settled.catch(() => undefined);
      return settled;
    },
  };
}
