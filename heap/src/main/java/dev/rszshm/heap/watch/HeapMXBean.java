package dev.rszshm.heap.watch;

/**
 * What JMX shows of a heap of this JVM. Lengths are in bytes. Attributes that need the heap throw
 * {@link IllegalStateException} when it is closed.
 *
 * @see HeapManagement
 */
public interface HeapMXBean {
  /** Returns the path of the file. */
  String getPath();

  /** Returns the identity of the heap, or an empty string for a plain file. */
  String getId();

  /** Returns the address at which this process has mapped the heap, in hexadecimal. */
  String getAddress();

  /** Returns the present length. */
  long getLength();

  /** Returns how much of it this process has mapped. */
  long getMappedLength();

  /** Returns how long the heap can become. */
  long getSpan();

  /** Returns how often the heap has grown since it was made, by whichever process. */
  long getGrowths();

  /** Returns how many participants live. */
  int getLiveParticipants();

  /** Returns how many participants have died and were not reclaimed yet. */
  int getDeadParticipants();

  /** Returns how often this process has grown the heap since the bean was registered. */
  long getOwnGrowths();

  /** Returns how many times this process has taken over what a dead participant owned. */
  long getOwnerDeaths();

  /** Returns how many lanes of dead participants this process has recovered. */
  long getRecoveredLanes();

  /** Returns how many waits of this process took 100 ms or longer. */
  long getSlowWaits();

  /** Returns how many milliseconds the longest of these waits took. */
  long getLongestWaitMillis();

  /** Returns how many allocations of this process took 10 ms or longer. */
  long getSlowAllocations();

  /** Returns how many milliseconds the longest of these allocations took. */
  long getLongestAllocationMillis();

  /** Returns how many reports are missing in the figures of this process. */
  long getDroppedReports();

  /** Frees the participant slots of dead processes; returns how many. */
  int reclaimDead();
}
