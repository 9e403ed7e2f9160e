package dev.rszshm.cli.wordcount;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.counters.CounterMap;

/*
 * A count of words by many processes, in which each word of the corpus counts exactly once, whoever is killed when.
 *
 * Layout
 * ------
 * CountLayout: a slot for each block of the corpus, a mark for each partition of the words; and a counter map, where the
 * result is at the end.
 *
 * Protocol
 * --------
 * count, by each worker:
 *  1 claim the next block, by adding to a counter; count its words in memory of this process;
 *  2 allocate the counts into the slot of the block (Allocator.allocateInto): counts and the mark "done" are one and the
 *    same, and appear at once. Who comes second for a block finds the slot full, and its counts are dropped.
 *    From 1, until all blocks are claimed;
 *  3 look through all slots. Empty is that of a block whose worker is at it yet, or was killed: count it as well, and
 *    put the counts there as in 2. So nobody has to find out who is dead, nor waits for who is slow;
 *  4 now all slots are full, for good. Claim the next partition of the words, by adding to a counter; add up its words
 *    from all slots in memory of this process;
 *  5 for each word of it: add to its count in the counter map what is missing: sum - count. As long as one
 *    process at a time is at a partition, its words are nobody else's, so that this sets the count, by one instruction,
 *    and can be repeated from the start;
 *  6 mark the partition as done. From 4, until all partitions are claimed.
 * finish, by the parent, when all workers are gone:
 *  7 do what 3 does; then 5 and 6 for each partition that is not marked.
 *
 * If a process dies here
 * ----------------------
 * 1: the block is claimed, and its slot stays empty; others come to it by 3, the parent by 7.
 * 2: the counts are in the slot, or not at all; the allocator takes back what was not.
 * 4, 5: some counts are set. The partition has no mark, and nobody else claims it. The parent sets its counts again in 7,
 * those that were set by adding 0. It does so when the dead worker is gone: until then it could still
 * write. 6: it is one store; without it, 5 is done again.
 * The parent: its workers end, and the heap has no result; nobody reads it.
 */
final class SharedCount {
  private final Allocator allocator;
  private final Heap heap;
  private final Corpus corpus;
  private final CounterMap<String> words;
  private final long at;
  private final Steps steps;

  /** Is told of each step, before it is taken. */
  interface Steps {
    /** The next step changes what others see. */
    void before(Step step);
  }

  /** What changes what others see. */
  enum Step {
    /** Claims a block. */
    CLAIM_BLOCK,
    /** Puts counts into a slot. */
    PUBLISH,
    /** Claims a partition. */
    CLAIM_PARTITION,
    /** Sets the count of a word. */
    SET,
    /** Marks a partition. */
    MARK
  }

  /** The count of a corpus, which is found or made. */
  SharedCount(Allocator allocator, Corpus corpus, Steps steps) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.corpus = corpus;
    this.steps = steps;
    this.words = CounterMap.named(allocator, CountLayout.WORDS, Codecs.strings());
    this.at =
        allocator.place(
            CountLayout.PROGRESS,
            CountLayout.TYPE,
            CountLayout.VERSION,
            CountLayout.length(corpus.blocks()),
            CountLayout.ALIGNMENT);
  }

  /** The words; complete when {@link #finish} has returned. */
  CounterMap<String> words() {
    return words;
  }

  /** The number of bytes of the blocks that are claimed. */
  long bytesClaimed() {
    return corpus.bytesBefore(heap.getLongVolatile(at + CountLayout.NEXT_BLOCK));
  }

  /**
   * Does a worker's part; returns when all blocks are counted, and all partitions claimed.
   *
   * @return the number of bytes of the blocks that are counted by this call
   */
  long count() {
    long counted = 0;
    try (BlockScanner scanner = new BlockScanner()) {
      WordTable table = new WordTable();
      for (long block = claim(Step.CLAIM_BLOCK, CountLayout.NEXT_BLOCK);
          block < corpus.blocks();
          block = claim(Step.CLAIM_BLOCK, CountLayout.NEXT_BLOCK)) {
        counted += count((int) block, scanner, table);
      }
      counted += countWhatIsLeft(scanner, table);
    }
    WordTable table = new WordTable();
    for (long partition = claim(Step.CLAIM_PARTITION, CountLayout.NEXT_PARTITION);
        partition < BlockCounts.PARTITIONS;
        partition = claim(Step.CLAIM_PARTITION, CountLayout.NEXT_PARTITION)) {
      merge((int) partition, table);
    }
    return counted;
  }

  /** Does what workers have left that were killed, when all workers have gone. */
  void finish() {
    try (BlockScanner scanner = new BlockScanner()) {
      countWhatIsLeft(scanner, new WordTable());
    }
    WordTable table = new WordTable();
    for (int partition = 0; partition < BlockCounts.PARTITIONS; partition++) {
      if (heap.getLongAcquire(mark(partition)) == 0) {
        merge(partition, table);
      }
    }
  }

  private long claim(Step step, int counter) {
    steps.before(step);
    return heap.getAndAddLong(at + counter, 1);
  }

  private long slot(int block) {
    return at + CountLayout.BLOCKS + (long) block * Long.BYTES;
  }

  private long mark(int partition) {
    return at + CountLayout.MERGED + (long) partition * Long.BYTES;
  }

  private long countWhatIsLeft(BlockScanner scanner, WordTable table) {
    long counted = 0;
    for (int block = 0; block < corpus.blocks(); block++) {
      if (allocator.get(slot(block)) == 0) {
        counted += count(block, scanner, table);
      }
    }
    return counted;
  }

  private long count(int number, BlockScanner scanner, WordTable table) {
    Corpus.Block block = corpus.block(number);
    table.clear();
    scanner.scan(block, table);
    table.lowerAll();
    byte[] counts = BlockCounts.encode(table);
    steps.before(Step.PUBLISH);
    long published =
        allocator.allocateInto(
            slot(number), counts.length, offset -> heap.putArray(offset, counts, 0, counts.length));
    return published == 0 ? 0 : block.length();
  }

  private void merge(int partition, WordTable table) {
    table.clear();
    for (int block = 0; block < corpus.blocks(); block++) {
      BlockCounts.add(heap, allocator.get(slot(block)), partition, table);
    }
    for (int word = 0; word < table.size(); word++) {
      int start = table.start(word);
      int end = table.end(word);
      long missing = table.count(word) - words.get(table.bytes(), start, end);
      if (missing != 0) {
        steps.before(Step.SET);
        words.add(table.bytes(), start, end, missing);
      }
    }
    steps.before(Step.MARK);
    heap.putLongRelease(mark(partition), 1);
  }
}
