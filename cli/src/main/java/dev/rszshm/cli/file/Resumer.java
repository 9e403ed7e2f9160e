package dev.rszshm.cli.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/*
 * Protocol
 * --------
 * 1 start a shell that reads lines from this process, and ignores the signals that a terminal sends;
 * 2 before a process is stopped, write "add PID" to it;
 * 3 when all have been sent on, write "done": it ends.
 * When its input ends without that, it sends SIGCONT to those it was told of.
 *
 * If a process dies here
 * ----------------------
 * This one: the kernel closes the pipe, and the shell sends on those that were perhaps stopped. What was
 * written at 2 is in the pipe before the signal is sent. The shell: the next line fails, before another process
 * is stopped; those that are, this one sends on. Both at once, as when a container ends: nobody does.
 */

/** A process that sends stopped ones on if this one is killed before it can. */
final class Resumer implements AutoCloseable {
  private static final String SCRIPT =
      "trap '' INT QUIT TERM HUP; stopped=;"
          + " while read -r word process; do"
          + " case $word in add) stopped=\"$stopped $process\";; done) exit 0;; esac; done;"
          + " for process in $stopped; do kill -CONT $process; done";

  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final Process shell;
  private final OutputStream lines;

  /**
   * Starts it.
   *
   * @throws IOException if there is no shell
   */
  Resumer() throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      command.add(SETSID.toString()); // not ended together with the group of this process
    }
    command.addAll(List.of("/bin/sh", "-c", SCRIPT));
    this.shell =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    this.lines = shell.getOutputStream();
  }

  /** Tells it of a process that is about to be stopped. */
  void add(long pid) throws IOException {
    say("add " + pid);
  }

  private void say(String line) throws IOException {
    lines.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    lines.flush();
  }

  /** Ends it: all have been sent on. */
  @Override
  public void close() {
    try (lines) {
      say("done");
    } catch (IOException e) {
      shell.destroyForcibly(); // it has ended, or does not read any more
    }
  }
}
