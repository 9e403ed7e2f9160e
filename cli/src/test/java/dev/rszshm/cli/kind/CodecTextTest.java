package dev.rszshm.cli.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.Command;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.counters.CounterMap;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.map.MapSpec;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import java.nio.file.Path;
import java.util.List;
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
  void arraysOfNumbersAndLettersAreShownAndTakenAsSuch() {
    try (Heap heap = Heap.builder().anyAddress().attach(Path.of(path));
        Allocator allocator = Allocator.on(heap)) {
      SharedQueue.named(allocator, "shorts", Codecs.shortArrays()).add(new short[] {1, -2});
      SharedQueue.named(allocator, "ints", Codecs.intArrays()).add(new int[] {1, -2});
      SharedQueue.named(allocator, "longs", Codecs.longArrays()).add(new long[] {1L << 40, -2});
      SharedQueue.named(allocator, "floats", Codecs.floatArrays()).add(new float[] {0.5f});
      SharedQueue.named(allocator, "doubles", Codecs.doubleArrays()).add(new double[] {});
      SharedQueue.named(allocator, "chars", Codecs.charArrays()).add("a\"ä".toCharArray());
      SharedQueue.named(allocator, "letters", Codecs.chars()).addAll(List.of('x', '\n'));
      SharedList.named(allocator, "rows", Codecs.intArrays()).add(new int[] {7});
      SharedList.named(allocator, "texts", Codecs.charArrays()).add(new char[] {'u'});
    }
    assertEquals("[1, -2]", out("dump", path, "shorts"));
    assertEquals("[1, -2]", out("dump", path, "ints"));
    assertEquals("[1099511627776, -2]", out("dump", path, "longs"));
    assertEquals("[0.5]", out("dump", path, "floats"));
    assertEquals("[]", out("dump", path, "doubles"));
    assertEquals("\"a\\\"ä\"", out("dump", path, "chars"));
    assertEquals("\"x\"\n0x0a", out("dump", path, "letters"));
    out("put", path, "rows", "0", "[8, -9]");
    assertEquals("[8, -9]", out("get", path, "rows", "0"));
    out("put", path, "texts", "0", "vw");
    assertEquals("\"vw\"", out("get", path, "texts", "0"));
    for (String wrong : new String[] {"8", "[8", "[8,]", "[x]", "[3000000000]"}) {
      Command.Result result = Command.run("put", path, "rows", "0", wrong);
      assertEquals(2, result.status(), wrong);
      assertTrue(result.err().contains("found '" + wrong + "', expected what"), result.err());
    }
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
