package dev.rszshm.testkit.process;

/**
 * Lets the threads of a job rest between two pieces of their work, and says when all of them do.
 *
 * <p>The threads are that of the job, and while it plays roles, those of its roles that have not
 * ended. A thread that waits for a line of the test rests, too.
 */
final class Pause {
  /** Waits for something, at rest. */
  interface Waiting<T> {
    T await() throws InterruptedException;
  }

  private volatile boolean wanted;
  private boolean told;
  private int working = 1;
  private int resting;
  private Runnable atRest = () -> {};

  /** Sets what is called, once for each pause, when all threads rest. */
  synchronized void tellWith(Runnable teller) {
    atRest = teller;
  }

  /** Begins a pause. */
  synchronized void begin() {
    wanted = true;
    told = false;
    tellIfAllRest();
  }

  /** Ends it, if there is one. */
  synchronized void end() {
    wanted = false;
    notifyAll();
  }

  /** So many more threads work; fewer if it is negative. */
  synchronized void add(int threads) {
    working += threads;
    tellIfAllRest();
  }

  /** Returns at once if there is no pause, else at its end. An interrupt is kept for later. */
  void rest() {
    if (!wanted) {
      return;
    }
    boolean interrupted = false;
    synchronized (this) {
      resting++;
      tellIfAllRest();
      while (wanted) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      resting--;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Rests while the thread waits, and as long as there is a pause then. */
  <T> T resting(Waiting<T> waiting) throws InterruptedException {
    addResting(1);
    T result;
    try {
      result = waiting.await();
    } finally {
      addResting(-1);
    }
    rest();
    return result;
  }

  private synchronized void addResting(int threads) {
    resting += threads;
    tellIfAllRest();
  }

  private void tellIfAllRest() {
    if (wanted && !told && resting >= working) {
      told = true;
      atRest.run();
    }
  }
}
