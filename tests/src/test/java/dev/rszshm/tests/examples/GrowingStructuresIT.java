package dev.rszshm.tests.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.examples.AppendLog;
import dev.rszshm.examples.EachOnce;
import dev.rszshm.examples.SharedNames;
import dev.rszshm.examples.TopWords;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.counters.CounterMap;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.strings.StringTable;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import dev.rszshm.tests.InMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of lists, counters, bits and strings do what they say, two processes at a time. */
class GrowingStructuresIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir(factory = InMemory.class)
  Path directory;

  private Path path() {
    return directory.resolve("example");
  }

  private WorkerProcess start(Class<?> example, String... arguments) {
    List<String> command = WorkerJvm.commandOf(example);
    command.add(path().toString());
    command.addAll(List.of(arguments));
    return WorkerProcess.start(LIMIT, command);
  }

  private static void end(WorkerProcess... processes) {
    for (WorkerProcess process : processes) {
      process.awaitSuccess();
    }
  }

  @Test
  void appendLogHasEveryLineOnceInTheOrderOfItsProgram() {
    try (WorkerProcess a = start(AppendLog.class, "a", "3000");
        WorkerProcess b = start(AppendLog.class, "b", "2000")) {
      end(a, b);
      assertTrue(a.next().startsWith("appended 3000, the first of all is "));
    }
    try (Heap heap = Heap.attach(path());
        Allocator allocator = Allocator.on(heap)) {
      SharedList<String> log = SharedList.named(allocator, "log", Codecs.strings());
      assertEquals(5000, log.size());
      assertEquals(numbered("a", 3000), log.stream().filter(w -> w.startsWith("a")).toList());
      assertEquals(numbered("b", 2000), log.stream().filter(w -> w.startsWith("b")).toList());
      assertEquals(1 + log.check().blocks(), allocator.check().blocks());
    }
  }

  private static List<String> numbered(String word, int count) {
    return IntStream.range(0, count).mapToObj(i -> word + i).toList();
  }

  @Test
  void topWordsCountsTheWordsOfAllFiles() throws Exception {
    Path one = Files.writeString(directory.resolve("one"), "a b a c\n".repeat(1000));
    Path two = Files.writeString(directory.resolve("two"), "a  b\nd ".repeat(1000));
    try (WorkerProcess first = start(TopWords.class, one.toString());
        WorkerProcess second = start(TopWords.class, two.toString())) {
      end(first, second);
    }
    try (Heap heap = Heap.builder().readOnly().attach(path());
        Allocator allocator = Allocator.on(heap)) {
      CounterMap<String> words = CounterMap.named(allocator, "words", Codecs.strings());
      assertEquals(3000, words.get("a"));
      assertEquals(7000, words.sum());
      assertEquals(
          List.of("a", "b", "c", "d"), words.top(9).stream().map(CounterMap.Count::key).toList());
    }
  }

  @Test
  void eachOnceGivesEachNumberToOne() {
    try (WorkerProcess a = start(EachOnce.class, "100000");
        WorkerProcess b = start(EachOnce.class, "100000")) {
      end(a, b);
      assertEquals(100_000, has(a.next()) + has(b.next()));
    }
  }

  private static long has(String line) {
    return Long.parseLong(line.split(" ")[1]);
  }

  @Test
  void sharedNamesHaveTheSameNumbersInAllProcesses() {
    try (WorkerProcess a = start(SharedNames.class, "red", "green", "red");
        WorkerProcess b = start(SharedNames.class, "green", "blue")) {
      end(a, b);
      String red = a.next();
      String green = a.next();
      assertEquals(red, a.next());
      assertEquals(green, b.next());
    }
    try (Heap heap = Heap.builder().readOnly().attach(path());
        Allocator allocator = Allocator.on(heap)) {
      StringTable names = StringTable.named(allocator, "names");
      assertEquals(3, names.size());
      HashSet<OptionalLong> ids = new HashSet<>();
      for (String name : List.of("red", "green", "blue")) {
        ids.add(names.find(name));
      }
      assertEquals(3, ids.size());
      assertTrue(names.check().isSound());
    }
  }
}
