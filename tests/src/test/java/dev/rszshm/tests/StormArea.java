package dev.rszshm.tests;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.view.LongCounter;

/**
 * What workers of {@link HeapStormIT} leave in a heap, from the start of its content: a counter
 * from which each record takes a ticket; and for each writer an area of its own with the number of
 * complete records, and the last {@link #KEPT} records. The number rises when a record is complete,
 * so the record behind the last one may be anything.
 */
final class StormArea {
  static final int KEPT = 32;

  private static final int AREAS = 128;
  private static final int RECORDS = 64;
  private static final int RECORD_LENGTH = 64;
  private static final int AREA_LENGTH = RECORDS + KEPT * RECORD_LENGTH;
  private static final int TICKET = 8;
  private static final int FIRST_FILLER = 16;

  private final Heap heap;
  private final int writer;
  private final long area;
  private final LongCounter tickets;

  StormArea(Heap heap, int writer) {
    this.heap = heap;
    this.writer = writer;
    this.area = heap.dataOffset() + AREAS + (long) writer * AREA_LENGTH;
    this.tickets = LongCounter.at(heap, heap.dataOffset());
  }

  static long length(Heap heap, int writers) {
    return heap.dataOffset() + AREAS + (long) writers * AREA_LENGTH;
  }

  /** Number of complete records. */
  long complete() {
    return heap.getLongAcquire(area);
  }

  /** Writes the next record; returns how many there are then. */
  long append() {
    long sequence = complete();
    long record = record(sequence);
    long ticket = tickets.getAndIncrement();
    heap.putLong(record + TICKET, ticket);
    for (int word = FIRST_FILLER; word < RECORD_LENGTH; word += 8) {
      heap.putLong(record + word, filler(sequence, ticket, word));
    }
    heap.putLong(record, checksum(record));
    heap.putLongRelease(area, sequence + 1);
    return sequence + 1;
  }

  /** Looks at the records that are kept, while nobody writes; returns the newest ticket, or -1. */
  long verify() {
    long complete = complete();
    long last = -1;
    // One less: an unfinished record takes the place of the oldest.
    for (long sequence = Math.max(0, complete - KEPT + 1); sequence < complete; sequence++) {
      long record = record(sequence);
      long ticket = heap.getLong(record + TICKET);
      require(heap.getLong(record) == checksum(record), sequence, "has a wrong checksum");
      for (int word = FIRST_FILLER; word < RECORD_LENGTH; word += 8) {
        long expected = filler(sequence, ticket, word);
        require(heap.getLong(record + word) == expected, sequence, "is another one");
      }
      require(ticket > last, sequence, "has ticket " + ticket + " after " + last);
      last = ticket;
    }
    return last;
  }

  private void require(boolean holds, long sequence, String fault) {
    if (!holds) {
      throw new AssertionError("record " + sequence + " of writer " + writer + " " + fault);
    }
  }

  private long record(long sequence) {
    return area + RECORDS + sequence % KEPT * RECORD_LENGTH;
  }

  private long filler(long sequence, long ticket, int word) {
    return ticket * 0x9E37_79B9_7F4A_7C15L + sequence * 31 + writer * 17L + word;
  }

  private long checksum(long record) {
    long sum = 1;
    for (int word = TICKET; word < RECORD_LENGTH; word += 8) {
      sum = sum * 31 + heap.getLong(record + word);
    }
    return sum;
  }
}
