package dev.rszshm.examples;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.counters.CounterMap;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Several programs count the words of their files together.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.TopWords /dev/shm/words README.md &
 * java … dev.rszshm.examples.TopWords /dev/shm/words CHANGELOG.md
 * }</pre>
 */
public final class TopWords {
  private TopWords() {}

  /** Takes the path of the heap, and a file. */
  public static void main(String[] args) throws Exception {
    byte[] text = Files.readAllBytes(Path.of(args[1]));
    try (Heap heap = Heap.builder().open(Path.of(args[0]));
        Allocator allocator = Allocator.on(heap)) {
      CounterMap<String> words = CounterMap.named(allocator, "words", Codecs.strings());
      int from = 0;
      for (int i = 0; i <= text.length; i++) {
        if (i == text.length || text[i] == ' ' || text[i] == '\n') {
          if (i > from) {
            words.add(text, from, i, 1); // in place: no object for each word
          }
          from = i + 1;
        }
      }
      words.top(3).forEach(word -> System.out.println(word.count() + " " + word.key()));
    }
  }
}
