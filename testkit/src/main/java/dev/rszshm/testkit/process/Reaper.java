package dev.rszshm.testkit.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A shell that outlives this JVM, and tidies up as soon as it has ended, even by SIGKILL: it
 * removes directories, and continues processes that were stopped, which then notice that they are
 * alone. It learns of the end because the kernel closes its input.
 */
final class Reaper {
  private static final String SCRIPT =
      """
      trap '' HUP INT TERM
      directories=
      stopped=
      while IFS= read -r line; do
        case $line in
          d*) directories=$(printf '%s\\n%s' "$directories" "${line#d}") ;;
          p*) stopped="$stopped ${line#p}" ;;
        esac
      done
      for process in $stopped; do
        kill -CONT "$process" 2>/dev/null
      done
      printf '%s\\n' "$directories" | while IFS= read -r directory; do
        rm -rf -- "$directory"
      done
      """;

  /** Started when there is something to tidy up. */
  private static @Nullable Reaper instance;

  private final OutputStream in;

  private Reaper(OutputStream in) {
    this.in = in;
  }

  /** Starts it at the first call. */
  private static synchronized Reaper instance() {
    if (instance == null) {
      try {
        Process shell =
            new ProcessBuilder("sh", "-c", SCRIPT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        instance = new Reaper(shell.getOutputStream());
      } catch (IOException e) {
        throw new WorkerError("cannot start a shell that tidies up after this JVM", e);
      }
    }
    return instance;
  }

  /** Has a directory removed, with all that is in it, if it is still there then. */
  static void removeAtEnd(Path directory) {
    String path = directory.toAbsolutePath().toString();
    if (path.contains("\n")) {
      throw new IllegalArgumentException("a path without line feeds is needed, found " + path);
    }
    instance().tell("d" + path);
  }

  /** Has a process continued; harmless if it goes on already, or has ended. */
  static void continueAtEnd(long pid) {
    instance().tell("p" + pid);
  }

  private synchronized void tell(String line) {
    try {
      in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException e) {
      throw new WorkerError("the shell that tidies up after this JVM has ended", e);
    }
  }
}
