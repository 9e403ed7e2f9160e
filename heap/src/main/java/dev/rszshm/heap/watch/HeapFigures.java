package dev.rszshm.heap.watch;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Answers JMX from the heap, and counts the reports of this process. */
final class HeapFigures implements HeapMXBean, HeapListener {
  private final Heap heap;
  private final Runnable whenClosed;
  private final AtomicLong growths = new AtomicLong();
  private final AtomicLong ownerDeaths = new AtomicLong();
  private final AtomicLong recoveredLanes = new AtomicLong();
  private final AtomicLong slowWaits = new AtomicLong();
  private final AtomicLong longestWait = new AtomicLong();
  private final AtomicLong slowAllocations = new AtomicLong();
  private final AtomicLong longestAllocation = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();

  HeapFigures(Heap heap, Runnable whenClosed) {
    this.heap = heap;
    this.whenClosed = whenClosed;
  }

  @Override
  public void grown(HeapGrowth growth) {
    growths.incrementAndGet();
  }

  @Override
  public void ownerDied(OwnerDeath death) {
    ownerDeaths.incrementAndGet();
  }

  @Override
  public void recovered(HeapRecovery recovery) {
    recoveredLanes.addAndGet(recovery.lanes());
  }

  @Override
  public void waited(SlowWait wait) {
    raise(longestWait, wait.time()); // before the count: who sees the count sees its time
    slowWaits.incrementAndGet();
  }

  @Override
  public void allocatedSlowly(SlowAllocation allocation) {
    raise(longestAllocation, allocation.time());
    slowAllocations.incrementAndGet();
  }

  private static void raise(AtomicLong longest, Duration time) {
    longest.accumulateAndGet(time.toMillis(), Math::max);
  }

  @Override
  public void dropped(long reports) {
    dropped.addAndGet(reports);
  }

  @Override
  public void closed(Path path) {
    whenClosed.run();
  }

  @Override
  public String getPath() {
    return heap.path().toString();
  }

  @Override
  public String getId() {
    return heap.id().map(UUID::toString).orElse("");
  }

  @Override
  public String getAddress() {
    return "0x" + Long.toHexString(heap.base());
  }

  @Override
  public long getLength() {
    return heap.length();
  }

  @Override
  public long getMappedLength() {
    return heap.mappedLength();
  }

  @Override
  public long getSpan() {
    return heap.span();
  }

  @Override
  public long getGrowths() {
    return heap.growths();
  }

  @Override
  public int getLiveParticipants() {
    return (int) heap.participants().stream().filter(Participant::alive).count();
  }

  @Override
  public int getDeadParticipants() {
    return (int) heap.participants().stream().filter(other -> !other.alive()).count();
  }

  @Override
  public long getOwnGrowths() {
    return growths.get();
  }

  @Override
  public long getOwnerDeaths() {
    return ownerDeaths.get();
  }

  @Override
  public long getRecoveredLanes() {
    return recoveredLanes.get();
  }

  @Override
  public long getSlowWaits() {
    return slowWaits.get();
  }

  @Override
  public long getLongestWaitMillis() {
    return longestWait.get();
  }

  @Override
  public long getSlowAllocations() {
    return slowAllocations.get();
  }

  @Override
  public long getLongestAllocationMillis() {
    return longestAllocation.get();
  }

  @Override
  public long getDroppedReports() {
    return dropped.get();
  }

  @Override
  public int reclaimDead() {
    return heap.reclaimDead();
  }
}
