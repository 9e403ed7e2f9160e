package dev.rszshm.testkit.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The lines a process prints on one stream, read by a thread of their own as they come. */
final class WorkerOutput {
  private static final int KEPT = 400;

  private final Deque<String> unread = new ArrayDeque<>();
  private final Deque<String> kept = new ArrayDeque<>();
  private boolean begun;
  private boolean rests;
  private Optional<String> fallen = Optional.empty();
  private boolean ended;

  WorkerOutput(InputStream stream, String name) {
    Thread reader = new Thread(() -> read(stream), name);
    reader.setDaemon(true);
    reader.start();
  }

  private void read(InputStream stream) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      // The stream of a process that was killed may close under its reader: that is its end.
    }
    end();
  }

  private synchronized void add(String line) {
    if (line.equals(WorkerContext.BEGUN)) {
      begun = true;
    } else if (line.equals(WorkerContext.AT_REST)) {
      rests = true;
    } else if (line.startsWith(WorkerContext.FALLEN)) {
      String where = line.substring(WorkerContext.FALLEN.length());
      fallen = Optional.of(where);
      kept.add("killed itself: " + where);
    } else {
      unread.add(line);
      kept.add(line);
    }
    if (kept.size() > KEPT) {
      kept.remove();
    }
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Waits for a line; empty if there is none in time, or if the stream has ended. */
  synchronized Optional<String> next(Deadline deadline) throws InterruptedException {
    while (unread.isEmpty() && !ended && deadline.left() > 0) {
      wait(deadline.left());
    }
    return Optional.ofNullable(unread.poll());
  }

  /** Waits until the job of a worker begins; returns whether it has. */
  synchronized boolean awaitBegun(Deadline deadline) throws InterruptedException {
    while (!begun && !ended && deadline.left() > 0) {
      wait(deadline.left());
    }
    return begun;
  }

  synchronized void forgetRest() {
    rests = false;
  }

  /** Waits until a worker rests that was told to; returns whether it does. */
  synchronized boolean awaitRest(Deadline deadline) throws InterruptedException {
    while (!rests && !ended && deadline.left() > 0) {
      wait(deadline.left());
    }
    return rests;
  }

  /** All lines that nobody has taken yet. */
  synchronized List<String> takeAll() {
    List<String> lines = List.copyOf(unread);
    unread.clear();
    return lines;
  }

  /** Where the worker has killed itself, if it has. */
  synchronized Optional<String> fallen() {
    return fallen;
  }

  /** Waits for the end of the stream. */
  synchronized void awaitEnd(Deadline deadline) throws InterruptedException {
    while (!ended && deadline.left() > 0) {
      wait(deadline.left());
    }
  }

  synchronized boolean hasEnded() {
    return ended;
  }

  /** The last lines, read or not. */
  synchronized String text() {
    return String.join("\n", kept);
  }
}
