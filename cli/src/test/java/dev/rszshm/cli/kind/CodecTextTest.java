package dev.rszshm.cli.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.Command;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.counters.CounterMap;
import dev.rszshm.structures.map.MapSpec;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and values are shown, and said, by the codec that a structure has stored. */
class CodecTextTest {
  private static final UUID ID = new UUID(1, 2);

  @TempDir Path directory;
  private String path;

  @BeforeEach
  void make() {
    path = directory.resolve("heap").toString();
    try (Heap heap = Heap.builder().span(16 << 20).create(Path.of(path));
        Allocator allocator = Allocator.on(heap)) {
      MapSpec small = MapSpec.standard().withShards(2);
      SharedMap.named(allocator, "index", Codecs.ints(), Codecs.doubles(), small).put(108, 0.5);
      SharedMap.named(allocator, "names", Codecs.strings(), Codecs.longs(), small).put("7", -1L);
      SharedSortedMap.named(
              allocator, "sorted", SortedMapSpec.of(OrderedCodecs.ints(), Codecs.uuids()))
          .put(-7, ID);
      CounterMap.named(allocator, "hits", Codecs.longs()).add(40L, 2);
      SharedQueue.named(allocator, "flags", Codecs.booleans()).add(true);
    }
  }

  private static String out(String... words) {
    Command.Result result = Command.run(words);
    assertEquals("", result.err());
    assertEquals(0, result.status(), result.out());
    return result.out().strip();
  }

  @Test
  void dumpShowsWhatTheCodecWrote() {
    assertEquals("108 = 0.5", out("dump", path, "index"));
    assertEquals("\"7\" = -1", out("dump", path, "names"));
    assertEquals("-7 = " + ID, out("dump", path, "sorted"));
    assertEquals("40 = 2", out("dump", path, "hits"));
    assertEquals("true", out("dump", path, "flags"));
  }

  @Test
  void aNumberIsAKeyOfWhateverTypeTheKeysAre() {
    assertEquals("0.5", out("get", path, "index", "108"));
    assertEquals("0.5", out("get", path, "index", "108I"));
    assertEquals("0.5", out("get", path, "index", "0x6c000000"));
    assertEquals("-1", out("get", path, "names", "7"));
    assertEquals(ID.toString(), out("get", path, "sorted", "-7"));
    assertEquals("2", out("get", path, "hits", "40"));
    assertEquals("2", out("get", path, "hits", "40L"));
  }

  @Test
  void putWritesWhatTheCodecReads() {
    out("put", path, "index", "9", "2.5");
    out("put", path, "sorted", "3", ID.toString());
    try (Heap heap = Heap.builder().anyAddress().attach(Path.of(path));
        Allocator allocator = Allocator.on(heap)) {
      MapSpec small = MapSpec.standard().withShards(2);
      assertEquals(
          2.5, SharedMap.named(allocator, "index", Codecs.ints(), Codecs.doubles(), small).get(9));
      assertEquals(
          ID,
          SharedSortedMap.named(
                  allocator, "sorted", SortedMapSpec.of(OrderedCodecs.ints(), Codecs.uuids()))
              .get(3));
    }
  }

  @Test
  void whatTheCodecNeverWritesIsRefused() {
    for (String key : new String[] {"seven", "3000000000", "7L"}) {
      Command.Result result = Command.run("get", path, "index", key);
      assertEquals(2, result.status(), key);
      assertTrue(
          result.err().contains("found '" + key + "', expected what the stored codec int writes"),
          result.err());
    }
    assertEquals(2, Command.run("put", path, "index", "1", "much").status());
  }
}
