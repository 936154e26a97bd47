import { clearScreenDown, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";
import { timeText } from "./status-report";
import { colours, isRedrawable } from "./terminal";

/** Where something that is asked again and again is shown. */
export interface WatchedDisplay {
  /** What was found. */
  found(text: string, at: Date): void;
  /** Why nothing was found this time. */
  failed(problem: string, at: Date): void;
  /** Nothing follows. */
  end(): void;
}

/** A screen that is drawn anew where it can be, else a log. */
export const watchedDisplay = (stream: WriteStream, seconds: number): WatchedDisplay =>
  isRedrawable(stream) ? new Screen(stream, seconds) : new Log((text) => void stream.write(text));

const timeOf = (at: Date) => timeText(at.toISOString());

/** Appends what was found where it changed, else that it did not; each with its time. */
class Log implements WatchedDisplay {
  private last: string | undefined;
  private isAway = false;

  constructor(private readonly write: (text: string) => void) {}

  found(text: string, at: Date): void {
    const again = this.isAway ? "it answers again, " : "";
    this.write(text === this.last ? `${timeOf(at)}: ${again}no change\n` : `${timeOf(at)}\n${text}\n`);
    this.last = text;
    this.isAway = false;
  }

  failed(problem: string, at: Date): void {
    this.isAway = true;
    this.write(`${timeOf(at)}: ${problem}\n`);
  }

  end(): void {}
}

const alternateScreen = { on: "\u001b[?1049h", off: "\u001b[?1049l" };
/** Whether what is too long for a line goes on in the next one. */
const wrap = { on: "\u001b[?7h", off: "\u001b[?7l" };

/** Draws in a terminal's other screen, as editors do, and leaves the last answer on the one where it was started. */
class Screen implements WatchedDisplay {
  private last: { readonly text: string; readonly at: Date } | undefined;
  private lines: readonly string[] = [];
  private readonly draw = () => {
    const { rows } = this.stream;
    const shown = rows > 1 && this.lines.length >= rows ? this.lines.slice(0, rows - 2) : this.lines;
    const rest = this.lines.length - shown.length;
    cursorTo(this.stream, 0, 0);
    clearScreenDown(this.stream);
    this.stream.write([...shown, ...(rest > 0 ? [`… and ${rest} more lines`] : [])].join("\n"));
  };

  constructor(
    private readonly stream: WriteStream,
    private readonly seconds: number,
  ) {
    stream.write(alternateScreen.on + wrap.off);
    stream.on("resize", this.draw);
    this.show("asking the Kubernetes API …");
  }

  found(text: string, at: Date): void {
    this.last = { text, at };
    this.show(`${this.head(at)}\n\n${text}`);
  }

  failed(problem: string, at: Date): void {
    const before = this.last === undefined ? "" : `What follows is of ${timeOf(this.last.at)}.\n\n${this.last.text}`;
    this.show(`${this.head(at)}\n${colours.red(problem)}\n${before}`);
  }

  end(): void {
    this.stream.off("resize", this.draw);
    this.stream.write(wrap.on + alternateScreen.off);
    if (this.last !== undefined) this.stream.write(`${timeOf(this.last.at)}\n${this.last.text}`);
  }

  private readonly head = (at: Date) => `${timeOf(at)}, every ${this.seconds} s. Ctrl-C ends it.`;

  private show(text: string): void {
    this.lines = text.trimEnd().split("\n");
    this.draw();
  }
}
