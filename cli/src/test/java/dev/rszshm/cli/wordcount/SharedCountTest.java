package dev.rszshm.cli.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.counters.CounterMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedCountTest {
  private static final String[] TEXTS = {
    "The quick brown fox, the lazy dog; the END of the first file", "", "end? the ÄÖÜ äöü 1 2 2"
  };

  @TempDir Path directory;
  private Corpus corpus;
  private Map<String, Long> expected;

  /** Stands for a death: the step is not taken, and nothing is done after it. */
  private static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @BeforeEach
  void write() throws IOException {
    byte[][] contents = new byte[TEXTS.length][];
    CorpusFile[] files = new CorpusFile[TEXTS.length];
    for (int i = 0; i < TEXTS.length; i++) {
      contents[i] = TEXTS[i].getBytes(StandardCharsets.UTF_8);
      Path path = Files.write(directory.resolve("text" + i), contents[i]);
      files[i] = new CorpusFile(path.toString(), contents[i].length);
    }
    corpus = new Corpus(List.of(files), 16);
    expected = PlainCount.of(contents);
  }

  @Test
  void eachWordCountsOnceWhereverAWorkerDies() {
    int step = 0;
    while (countWithDeathAt(step)) {
      step++;
    }
    // A count and a publication of each block, a merge of each partition, a store for each word.
    assertEquals(2 * corpus.blocks() + BlockCounts.PARTITIONS + expected.size(), step);
  }

  @Test
  void slowWorkerWhoseBlocksOthersHaveCountedAddsNothing() {
    try (Heap heap = Heap.builder().create(directory.resolve("heap"));
        Allocator allocator = Allocator.on(heap)) {
      SharedCount made = SharedCount.make(allocator, corpus);
      boolean[] first = {true};
      SharedCount slow =
          SharedCount.find(
              allocator,
              step -> {
                if (step == SharedCount.Step.PUBLISH && first[0]) {
                  first[0] = false;
                  countBlocks(made);
                }
              });
      countBlocks(slow);
      merge(slow);
      assertEquals(expected, counts(made));
      long pid = ProcessHandle.current().pid();
      assertEquals(Map.of(pid, corpus.length()), made.bytesByProcess());
    }
  }

  /** Does all by workers of which one dies; returns whether it came to that step. */
  private boolean countWithDeathAt(int step) {
    try (Heap heap = Heap.builder().createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      SharedCount made = SharedCount.make(allocator, corpus);
      int[] left = {step};
      SharedCount dying =
          SharedCount.find(
              allocator,
              any -> {
                if (left[0]-- == 0) {
                  throw new Death();
                }
              });
      boolean died = false;
      try {
        countBlocks(dying);
        merge(dying);
      } catch (Death e) {
        died = true;
        SharedCount other = SharedCount.find(allocator, any -> {});
        countBlocks(other);
        merge(other);
      }
      assertEquals(expected, counts(made), "death before step " + step);
      assertEquals(PlainCount.words(expected), made.words().sum());
      assertTrue(made.words().check().isSound());
      return died;
    }
  }

  private void countBlocks(SharedCount count) {
    try (BlockScanner scanner = new BlockScanner()) {
      WordTable table = new WordTable();
      for (int block = 0; block < corpus.blocks(); block++) {
        count.count(block, scanner, table);
      }
    }
  }

  private static void merge(SharedCount count) {
    WordTable table = new WordTable();
    for (int partition = 0; partition < BlockCounts.PARTITIONS; partition++) {
      count.merge(partition, table);
    }
  }

  private static Map<String, Long> counts(SharedCount count) {
    Map<String, Long> counts = new HashMap<>();
    for (CounterMap.Count<String> word : count.words()) {
      counts.put(word.key(), word.count());
    }
    return counts;
  }
}
