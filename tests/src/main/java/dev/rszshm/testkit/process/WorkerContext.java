package dev.rszshm.testkit.process;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;

/**
 * A worker's line to the test that started it. Any thread of the worker may say something; lines
 * are never mixed. One thread at a time listens.
 */
public final class WorkerContext {
  /** How a line begins that asks the test to kill the worker where it is. */
  static final String DYING = "dying ";

  private final List<String> arguments;
  private final BlockingQueue<Optional<String>> heard;
  private final PrintStream out;

  WorkerContext(List<String> arguments, BlockingQueue<Optional<String>> heard, PrintStream out) {
    this.arguments = arguments;
    this.heard = heard;
    this.out = out;
  }

  /** The arguments the test gave to the worker. */
  public List<String> arguments() {
    return arguments;
  }

  /** One of the arguments. */
  public String argument(int index) {
    return arguments.get(index);
  }

  /** Says a line to the test. */
  public void say(Object line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  /**
   * Waits for the next line from the test; empty when the test wants no more. A worker whose test
   * has died is ended meanwhile.
   */
  public Optional<String> hear() throws InterruptedException {
    return heard.take();
  }

  /**
   * Asks the test to kill this process with SIGKILL, and does nothing more: the calling thread
   * never returns. {@link WorkerProcess#killWhereItDies} is the other end.
   *
   * @param where the place, for messages
   */
  public void die(String where) {
    say(DYING + where);
    CountDownLatch never = new CountDownLatch(1);
    while (true) {
      try {
        never.await();
      } catch (InterruptedException e) {
        // A thread that is dead for others does not come back for an interrupt.
      }
    }
  }
}
