package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.structures.struct.Block;
import dev.rszshm.structures.struct.IntField;
import dev.rszshm.structures.struct.LongField;
import dev.rszshm.structures.struct.StructLayout;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Jobs that several programs share among them, without a lock. Kill some of them: what a dead one
 * had claimed and not done, another one claims again, so that every job is done.
 *
 * <p>A claim is the {@link Participant#tag} of who has claimed a job. The heap knows by proof
 * whether that one still lives, however slow it is, and a tag never comes again.
 *
 * <pre>{@code
 * for i in a b c; do java … dev.rszshm.examples.ClaimedJobs /dev/shm/jobs 1000 & done
 * }</pre>
 */
public final class ClaimedJobs {
  /** A job: who has claimed it, 0 if nobody; and its result. */
  record Job(int claim, long result) {}

  private static final StructLayout<Job> JOB = StructLayout.of(Job.class);
  private static final IntField<Job> CLAIM = JOB.intField("claim");
  private static final LongField<Job> RESULT = JOB.longField("result");

  /** In place of a claim: no tag is negative. */
  private static final int DONE = -1;

  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final Heap heap;
  private final long jobs;
  private final int count;
  private final int self;

  /** The jobs of a heap; all find them by their name. */
  public ClaimedJobs(Allocator allocator, int count) {
    this.heap = allocator.heap();
    this.count = count;
    this.jobs = allocator.place("jobs", 1, 1, count * JOB.length());
    this.self = heap.self().orElseThrow().tag();
  }

  /** Takes the path of the heap, and how many jobs there are. */
  public static void main(String[] args) throws InterruptedException {
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      ClaimedJobs jobs = new ClaimedJobs(allocator, Integer.parseInt(args[1]));
      System.out.println("begins");
      int done = 0;
      for (int job = 0; job < jobs.count; job++) {
        while (!jobs.isDone(job)) {
          if (jobs.claim(job)) {
            jobs.work(job);
            done++;
          } else {
            jobs.awaitChange(job);
          }
        }
      }
      System.out.println("did " + done + " jobs, all " + jobs.count + " are done");
    }
  }

  private Block<Job> at(int job) {
    return Block.at(jobs + job * JOB.length());
  }

  /** Returns whether a job is done; its result is there then. */
  public boolean isDone(int job) {
    return CLAIM.getAcquire(heap, at(job)) == DONE;
  }

  /** Claims a job that nobody has claimed, or that was claimed by one who is dead. */
  public boolean claim(int job) {
    int claim = CLAIM.getAcquire(heap, at(job));
    return claim != DONE
        && (claim == 0 || !heap.isAlive(claim))
        && CLAIM.compareAndSet(heap, at(job), claim, self);
  }

  /** Does a job that this program has claimed. Done twice, it has the same result. */
  private void work(int job) {
    RESULT.set(heap, at(job), (long) job * job);
    CLAIM.setRelease(heap, at(job), DONE);
    heap.wake(CLAIM.at(heap, at(job)), Integer.MAX_VALUE);
  }

  /** Waits until a job that somebody has claimed is done, or for a while: he may have died. */
  private void awaitChange(int job) throws InterruptedException {
    int claim = CLAIM.getAcquire(heap, at(job));
    if (claim != 0 && claim != DONE) {
      heap.waitWhile(CLAIM.at(heap, at(job)), claim, LOOK_AGAIN);
    }
  }

  /** Returns the result of a job that is done. */
  public long result(int job) {
    return RESULT.get(heap, at(job));
  }
}
