package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.struct.LongField;
import dev.rszshm.structures.struct.SharedArray;
import dev.rszshm.structures.struct.StructLayout;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Jobs that several programs do together. Kill some of them: the others do again what those had
 * begun, and no result is missing.
 *
 * <p>Each job has a word that says whose it is: nobody's, that of a participant, by its tag, or
 * done. A tag is never given to another, so who finds one knows for good whom it means, and {@link
 * Heap#isAlive(int)} whether that one still lives. A job is claimed by one compare-and-set, from
 * nobody's or from a dead one's tag, so that of all who try one gets it. A job whose program died
 * is done again from the beginning: here that writes the same result once more.
 *
 * <pre>{@code
 * for i in a b c; do java … dev.rszshm.examples.JobTable /dev/shm/jobs 1000 & done
 * }</pre>
 */
public final class JobTable {
  private static final long OPEN = 0;
  private static final long DONE = -1;

  /** A job: whose it is, and its result. */
  record Job(long state, long result) {}

  private static final StructLayout<Job> JOB = StructLayout.of(Job.class);
  private static final LongField<Job> STATE = JOB.longField("state");
  private static final LongField<Job> RESULT = JOB.longField("result");

  /** How long to wait for a job of another before looking again whether that one lives. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final Heap heap;
  private final SharedArray<Job> table;
  private final int jobs;
  private final int me;

  /** The jobs of a heap; all find them by their name, and name the same number of them. */
  public JobTable(Allocator allocator, int jobs) {
    this.heap = allocator.heap();
    this.table = SharedArray.named(allocator, "jobs", JOB, jobs);
    this.jobs = jobs;
    this.me = heap.self().orElseThrow().tag();
  }

  /** Takes the path of the heap, and the number of jobs. */
  public static void main(String[] args) throws InterruptedException {
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      JobTable table = new JobTable(allocator, Integer.parseInt(args[1]));
      int done = table.doAll();
      System.out.println("did " + done + " jobs, all are done, their sum is " + table.sum());
    }
  }

  /** Does what nobody else does, until all is done; returns how many jobs that were. */
  public int doAll() throws InterruptedException {
    int done = 0;
    for (int job = 0; job < jobs; job++) {
      while (!isDone(job)) {
        if (claim(job)) {
          finish(job, (long) job * job);
          done++;
        } else {
          awaitChange(job);
        }
      }
    }
    return done;
  }

  /** Claims a job that is nobody's, or that of a dead one. */
  public boolean claim(int job) {
    long word = STATE.getVolatile(heap, table.at(job));
    if (word == DONE || (word != OPEN && heap.isAlive((int) word))) {
      return false;
    }
    return STATE.compareAndSet(heap, table.at(job), word, me);
  }

  /** Writes the result first: whoever sees that the job is done sees it too. */
  private void finish(int job, long result) {
    RESULT.set(heap, table.at(job), result);
    STATE.setVolatile(heap, table.at(job), DONE);
    heap.wake(STATE.at(heap, table.at(job)), Integer.MAX_VALUE);
  }

  /** Waits while another has the job: the lower half of the word is the tag. */
  private void awaitChange(int job) throws InterruptedException {
    long word = STATE.getVolatile(heap, table.at(job));
    if (word != DONE && word != OPEN) {
      heap.waitWhile(STATE.at(heap, table.at(job)), (int) word, LOOK_AGAIN);
    }
  }

  /** Whether a job is done. */
  public boolean isDone(int job) {
    return STATE.getVolatile(heap, table.at(job)) == DONE;
  }

  /** The sum of all results. */
  public long sum() {
    long sum = 0;
    for (int job = 0; job < jobs; job++) {
      sum += RESULT.get(heap, table.at(job));
    }
    return sum;
  }
}
