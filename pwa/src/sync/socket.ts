export interface Socket {
  send(message: unknown): void;
  /** Lets go of it without a word: the core knows already. */
  close(): void;
}

type Told = (event: { t: "opened" } | { t: "closed" }) => void;

/** Opens the socket of `/sync`. What it says after `close()` is not passed on. */
export function openSocket(tell: Told, hear: (message: unknown) => void): Socket {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/sync`);
  let mine = true;
  socket.onopen = () => mine && tell({ t: "opened" });
  socket.onmessage = message => {
    if (mine) hear(parse(message.data));
  };
  socket.onclose = () => {
    if (mine) tell({ t: "closed" });
    mine = false;
  };
  return {
    send: message => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    close: () => {
      mine = false;
      socket.close();
    },
  };
}

function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return null;
  }
}
