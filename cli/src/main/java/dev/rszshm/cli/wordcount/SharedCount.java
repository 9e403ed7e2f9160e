package dev.rszshm.cli.wordcount;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.counters.CounterMap;
import dev.rszshm.structures.list.SharedList;
import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.Map;

/*
 * A count of words by the workers of a pool, in which each word of the corpus counts exactly once, whoever is killed when.
 *
 * Layout
 * ------
 * CountLayout: a slot for each block of the corpus; and a counter map, where the result is at the end.
 *
 * Protocol
 * --------
 * First each block, in any order, by the workers (CountingBlocks):
 *  1 count its words in memory of this process;
 *  2 allocate the counts into the slot of the block (Allocator.allocateInto): counts and the mark "done" are one and the
 *    same, and appear at once. Who comes second for a block finds the slot full, and its counts are dropped.
 * When all slots are full, for good, each partition of the words (MergingPartitions):
 *  3 add up its words from all slots in memory of this process;
 *  4 for each word of it: add to its count in the counter map what is missing: sum - count. As long as one
 *    process at a time is at a partition, its words are nobody else's, so that this sets the count, by one instruction,
 *    and can be repeated from the start.
 * A pool runs a part again when the worker is dead that has run it, and not before, so that one at a time is at it.
 *
 * If a process dies here
 * ----------------------
 * 1: the slot stays empty, and another worker counts the block.
 * 2: the counts are in the slot, or not at all; the allocator takes back what was not.
 * 3, 4: some counts are set. Another worker sets them all again, those that were set by adding 0.
 * The parent: its workers end, and the heap has no result; nobody reads it.
 */
final class SharedCount {
  /** What the allocator adds for the alignment. */
  private static final int BLOCK_SLACK = CountLayout.ALIGNMENT - 16;

  private final Allocator allocator;
  private final Heap heap;
  private final Corpus corpus;
  private final CounterMap<String> words;
  private final long at;
  private final Steps steps;

  /** Is told of each step, before it is taken. */
  interface Steps {
    /** The next step is one of a kind. */
    void before(Step step);
  }

  /** What others may see. */
  enum Step {
    /** Counts a block. */
    COUNT,
    /** Puts counts into a slot. */
    PUBLISH,
    /** Adds up a partition. */
    MERGE,
    /** Sets the count of a word. */
    SET
  }

  private SharedCount(Allocator allocator, Corpus corpus, long at, Steps steps) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.corpus = corpus;
    this.at = at;
    this.steps = steps;
    this.words = CounterMap.named(allocator, CountLayout.WORDS, Codecs.strings());
  }

  /** Makes the count of a corpus in a new heap. */
  static SharedCount make(Allocator allocator, Corpus corpus) {
    files(allocator).addAll(corpus.files());
    long at =
        allocator.place(
            CountLayout.PROGRESS,
            CountLayout.TYPE,
            CountLayout.VERSION,
            CountLayout.length(corpus.blocks()),
            CountLayout.ALIGNMENT);
    allocator.heap().putLong(at + CountLayout.BLOCK_LENGTH, corpus.blockLength());
    return new SharedCount(allocator, corpus, at, step -> {});
  }

  /** Finds the count of a heap. */
  static SharedCount find(Allocator allocator, Steps steps) {
    RootEntry root = allocator.findRoot(CountLayout.PROGRESS).orElseThrow();
    long at =
        allocator.place(
            root.name(),
            root.type(),
            root.version(),
            root.size() - BLOCK_SLACK,
            CountLayout.ALIGNMENT);
    int length = Math.toIntExact(allocator.heap().getLong(at + CountLayout.BLOCK_LENGTH));
    return new SharedCount(allocator, new Corpus(files(allocator), length), at, steps);
  }

  private static SharedList<CorpusFile> files(Allocator allocator) {
    return SharedList.named(
        allocator, CountLayout.FILES, Codecs.records(CorpusFile.class, MethodHandles.lookup()));
  }

  /** The words; complete when all partitions are merged. */
  CounterMap<String> words() {
    return words;
  }

  private long slot(int block) {
    return at + CountLayout.BLOCKS + (long) block * Long.BYTES;
  }

  /** Counts the words of a block, unless that is done. */
  void count(int number, BlockScanner scanner, WordTable table) {
    if (allocator.get(slot(number)) != 0) {
      return;
    }
    steps.before(Step.COUNT);
    table.clear();
    scanner.scan(corpus.block(number), table);
    table.lowerAll();
    byte[] counts = BlockCounts.encode(table, (int) ProcessHandle.current().pid());
    steps.before(Step.PUBLISH);
    long unused =
        allocator.allocateInto(
            slot(number), counts.length, offset -> heap.putArray(offset, counts, 0, counts.length));
  }

  /** Sets the counts of the words of a partition, when all blocks are counted. */
  void merge(int partition, WordTable table) {
    steps.before(Step.MERGE);
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
  }

  /** Returns how many bytes each process has counted, by its process id. */
  Map<Long, Long> bytesByProcess() {
    Map<Long, Long> bytes = new HashMap<>();
    for (int block = 0; block < corpus.blocks(); block++) {
      long counts = allocator.get(slot(block));
      bytes.merge(BlockCounts.process(heap, counts), corpus.block(block).length(), Long::sum);
    }
    return bytes;
  }
}
