package dev.rszshm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorStatistics;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.struct.Slot;
import dev.rszshm.structures.struct.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropCommandTest {
  @TempDir Path directory;

  private static void assertFails(String kind, String message, String... words) {
    Command.Result result = Command.run(words);
    assertEquals(1, result.status(), result.out());
    assertTrue(result.err().contains(message), result.err());
    String[] json = java.util.Arrays.copyOf(words, words.length + 1);
    json[words.length] = "--json";
    String error = Command.run(json).err();
    assertTrue(error.contains("\"kind\":\"" + kind + "\""), error);
  }

  private static String out(String... words) {
    Command.Result result = Command.run(words);
    assertEquals("", result.err());
    assertEquals(0, result.status(), result.out());
    return result.out();
  }

  private static long blocks(Path path) {
    try (Heap heap = Heap.builder().readOnly().anyAddress().attach(path);
        Allocator allocator = Allocator.on(heap)) {
      AllocatorStatistics statistics = allocator.statistics();
      return statistics.largeBlocks()
          + statistics.classes().stream().mapToLong(AllocatorStatistics.SizeClassUse::used).sum();
    }
  }

  private static List<String> roots(Path path) {
    try (Heap heap = Heap.builder().readOnly().anyAddress().attach(path);
        Allocator allocator = Allocator.on(heap)) {
      return allocator.roots().stream().map(RootEntry::name).toList();
    }
  }

  /** The 301 blocks that the sample has without a name stay, and the text of a forced layout. */
  @Test
  void eachKindGoesWithAllOfItsBlocks() throws Exception {
    Path path = directory.resolve("heap");
    new SampleHeap(path).close();
    for (String root : roots(path)) {
      if (!root.equals("words") && !root.contains("Point")) {
        assertEquals("removed " + root + "\n", out("drop", path.toString(), root));
      }
    }
    List<String> left = roots(path);
    assertEquals(2, left.size(), left.toString());
    for (String root : left) {
      assertFails("would-remain", "is not removed: ", "drop", path.toString(), root);
      assertTrue(
          out("drop", "--force", path.toString(), root).startsWith("removed " + root + "; "));
    }
    assertEquals(List.of(), roots(path));
    assertEquals(301 + 1, blocks(path));
    assertTrue(Command.run("check", path.toString()).out().contains("healthy"));
    assertEquals("no roots\n", out("roots", path.toString()));
  }

  @Test
  void whatSomebodyMayUseStays() throws Exception {
    Path path = directory.resolve("heap");
    try (SampleHeap sample = new SampleHeap(path)) {
      assertTrue(sample.heap().isOpen());
      assertFails("in-use", "end it first", "drop", path.toString(), "names");
      assertTrue(roots(path).contains("names"));
      assertEquals("removed names\n", out("drop", "--force", path.toString(), "names"));
    }
  }

  @Test
  void aNameThatIsNoneIsSaidAndTheOthersGo() throws Exception {
    Path path = directory.resolve("heap");
    new SampleHeap(path).close();
    Command.Result result = Command.run("drop", path.toString(), "names", "none", "work");
    assertEquals(1, result.status());
    assertEquals("removed names\nremoved work\n", result.out());
    assertTrue(result.err().contains("there is no root \"none\"; there are "), result.err());
    assertEquals(2, Command.run("drop", path.toString()).status());
  }

  private record Node(long number, Slot<Node> next) {}

  @Test
  void aStructWithReferencesStaysUnlessItIsForced() {
    Path path = directory.resolve("heap");
    try (Heap heap = Heap.builder().create(path);
        Allocator allocator = Allocator.on(heap)) {
      StructLayout<Node> layout =
          StructLayout.of(Node.class, java.lang.invoke.MethodHandles.lookup());
      layout.named(allocator, "node");
    }
    assertFails("would-remain", "(next) would stay allocated", "drop", path.toString(), "node");
    assertTrue(out("drop", "--force", path.toString(), "node").contains("(next)"));
  }

  @Test
  void whatIsDamagedGoesByForceAlone() throws Exception {
    Path path = directory.resolve("heap");
    try (Heap heap = Heap.builder().create(path);
        Allocator allocator = Allocator.on(heap)) {
      SharedMap.named(allocator, "map", Codecs.longs(), Codecs.longs()).put(1L, 2L);
      RootEntry root = allocator.findRoot("map").orElseThrow();
      heap.fill(allocator.get(root.slot()), (int) root.size(), (byte) 0x55);
    }
    Command.Result refused = Command.run("drop", path.toString(), "map");
    assertEquals(1, refused.status(), refused.out());
    assertTrue(refused.err().contains("map"), refused.err());
    assertEquals(List.of("map"), roots(path));
    assertTrue(out("drop", "--force", path.toString(), "map").contains("stays allocated: "));
    assertEquals(List.of(), roots(path));
    assertTrue(Files.exists(path));
  }
}
