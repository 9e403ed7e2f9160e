package dev.rszshm.structures.worker;

/**
 * A line that a worker has written.
 *
 * @param worker the name of the worker in its {@link WorkerSpec}
 * @param pid its process id
 * @param source the stream it was written to
 * @param text the line without its end. Bytes that are no UTF-8 are replaced by U+FFFD. What is
 *     longer than {@link #MAX_LENGTH} bytes comes in several lines
 */
public record WorkerLine(String worker, long pid, Source source, String text) {
  /** The most bytes of one line. */
  public static final int MAX_LENGTH = 16 * 1024;

  /** A stream of a worker. */
  public enum Source {
    /** The standard output. */
    OUTPUT,
    /** The standard error. */
    ERROR
  }

  /** Returns the line with its prefix: the name and the process id of the worker. */
  public String prefixed() {
    return "[" + worker + " " + pid + "] " + text;
  }
}
