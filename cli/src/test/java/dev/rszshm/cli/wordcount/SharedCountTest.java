package dev.rszshm.cli.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
    int steps = 0;
    int died = 0;
    do {
      died = countWithDeathAt(steps, true);
      steps++;
    } while (died > 0);
    // A claim for each block, partition, and one of each that fails; a store for each block, word
    // and mark.
    int blocks = corpus.blocks();
    assertEquals(2 * blocks + 1 + 2 * BlockCounts.PARTITIONS + 1 + expected.size(), steps - 1);
  }

  @Test
  void parentFinishesWhereverTheOnlyWorkerDies() {
    int steps = 0;
    while (countWithDeathAt(steps, false) > 0) {
      steps++;
    }
    assertTrue(steps > 100, "only " + steps + " steps");
  }

  @Test
  void deathOfTheParentsPredecessorInFinishChangesNothing() {
    try (Heap heap = Heap.builder().create(directory.resolve("heap"));
        Allocator allocator = Allocator.on(heap)) {
      assertThrows(Death.class, () -> dyingAt(allocator, 20).count());
      int step = 0;
      boolean done = false;
      while (!done) {
        SharedCount dying = dyingAt(allocator, step++);
        try {
          dying.finish();
          done = true;
        } catch (Death e) {
          assertTrue(dying.words().sum() <= PlainCount.words(expected));
        }
      }
      assertEquals(expected, counts(new SharedCount(allocator, corpus, any -> {})));
    }
  }

  @Test
  void slowWorkerWhoseBlocksOthersHaveCountedAddsNothing() {
    try (Heap heap = Heap.builder().create(directory.resolve("heap"));
        Allocator allocator = Allocator.on(heap)) {
      SharedCount other = new SharedCount(allocator, corpus, any -> {});
      boolean[] first = {true};
      SharedCount slow =
          new SharedCount(
              allocator,
              corpus,
              step -> {
                if (step == SharedCount.Step.PUBLISH && first[0]) {
                  first[0] = false;
                  assertEquals(corpus.length(), other.count());
                }
              });
      assertEquals(0, slow.count());
      slow.finish();
      assertEquals(expected, counts(slow));
    }
  }

  /** Returns whether it came to that step: 1, or 0. */
  private int countWithDeathAt(int step, boolean survivor) {
    int died = 0;
    try (Heap heap = Heap.builder().createAnonymous();
        Allocator allocator = Allocator.on(heap)) {
      try {
        dyingAt(allocator, step).count();
      } catch (Death e) {
        died = 1;
      }
      SharedCount other = new SharedCount(allocator, corpus, any -> {});
      if (survivor) {
        other.count();
      }
      other.finish();
      assertEquals(expected, counts(other), "death before step " + step);
      assertEquals(PlainCount.words(expected), other.words().sum());
      assertTrue(other.words().check().isSound());
    }
    return died;
  }

  private SharedCount dyingAt(Allocator allocator, int step) {
    int[] left = {step};
    return new SharedCount(
        allocator,
        corpus,
        any -> {
          if (left[0]-- == 0) {
            throw new Death();
          }
        });
  }

  private static Map<String, Long> counts(SharedCount count) {
    Map<String, Long> counts = new HashMap<>();
    for (CounterMap.Count<String> word : count.words()) {
      counts.put(word.key(), word.count());
    }
    return counts;
  }
}
