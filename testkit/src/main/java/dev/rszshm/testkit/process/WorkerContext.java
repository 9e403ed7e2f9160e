package dev.rszshm.testkit.process;

import dev.rszshm.heap.spi.Platform;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A worker's line to the test that started it. Any thread of the worker may say something; lines
 * are never mixed. One thread at a time listens.
 */
public final class WorkerContext {
  /** How a line begins that asks the test to kill the worker where it is. */
  static final String DYING = "dying ";

  /** How the last line of a worker begins that kills itself. */
  static final String FALLEN = "\u0002fallen ";

  /** How a line begins that a worker says when it is about to be stopped. */
  static final String STANDING = "\u0002standing ";

  /** What a worker says when it is ready to {@link #repeat}, and each time when it is done. */
  static final String DONE = "done";

  /** What a worker says when its job begins. */
  static final String BEGUN = "\u0002begun";

  /** What a worker says when it was told to rest and all of its threads do. */
  static final String AT_REST = "\u0002at rest";

  private final List<String> arguments;
  private final WorkerLine line;
  private final PrintStream out;

  /** Made when the job asks for it, since counting steps costs time. */
  private @Nullable Platform platform;

  /** Made at the first use: its calls are bound then, which takes time. */
  private @Nullable OwnProcess self;

  WorkerContext(List<String> arguments, WorkerLine line, PrintStream out) {
    this.arguments = arguments;
    this.line = line;
    this.out = out;
    line.pause.tellWith(() -> say(AT_REST));
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
    return line.pause.resting(line.heard::take);
  }

  /**
   * Whether the test has said that it wants no more: a job that works in a loop ends then. A {@link
   * KillStorm#checkAtRest check at rest} holds the calling thread here until it is over; so ask
   * where nothing is half done.
   */
  public boolean isDismissed() {
    line.pause.rest();
    return line.isDismissed();
  }

  /**
   * What a heap must stand on ({@link dev.rszshm.heap.HeapBuilder#platform}) for the test to be
   * able to kill or stop this process at a chosen step: {@link WorkerProcess#killAfter} and {@link
   * WorkerProcess#stopAfter}. A step is a system call with an effect, or a store to memory, of any
   * thread.
   */
  public synchronized Platform platform() {
    if (platform == null) {
      self();
      platform = new Countdown(Platform.host(), line, this::fall, this::stand).platform();
    }
    return platform;
  }

  /**
   * Kills this process with SIGKILL at once, without the test; never returns. The test learns the
   * place from {@link WorkerProcess#awaitDeath}. After {@link #platform}, the signal is one call.
   *
   * @param where the place, for messages
   */
  public void fall(String where) {
    say(FALLEN + where);
    self().kill();
  }

  /**
   * Stops this process with SIGSTOP at once; returns when the test has let it go on with {@link
   * WorkerProcess#goOn}. Interrupts are kept for later.
   *
   * @param where the place, for messages
   */
  public void stand(String where) {
    OwnProcess process = self();
    say(STANDING + where);
    process.stop();
    // The signal may reach this thread later than others: up to then it stands here all the same.
    line.continued.acquireUninterruptibly();
  }

  /**
   * Does something each time the test says a line, until it wants no more; see {@link
   * StopAnywhere}.
   */
  public void repeat(Repeated body) throws Exception {
    say(DONE);
    while (hear().isPresent()) {
      body.run();
      say(DONE);
    }
  }

  /** What a worker does again and again. */
  public interface Repeated {
    /** Does it once. */
    void run() throws Exception;
  }

  private synchronized OwnProcess self() {
    if (self == null) {
      self = new OwnProcess();
    }
    return self;
  }

  /**
   * Asks the test to kill this process with SIGKILL, and does nothing more: the calling thread
   * never returns, and the test may look at the world before it does as asked. {@link
   * WorkerProcess#killWhereItDies} is the other end.
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

  /**
   * Plays several roles in this JVM, each on a thread of its own with this same context, and
   * returns when all have ended.
   *
   * @throws Exception what the first role that failed has thrown, at once: the others may still run
   */
  public void play(List<? extends WorkerJob> roles) throws Exception {
    RoleThreads.play(roles, this, line.pause);
  }
}
