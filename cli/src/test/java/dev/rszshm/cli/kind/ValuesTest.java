package dev.rszshm.cli.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.Command;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.structures.bitset.SharedBitSet;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.counters.CounterMap;
import dev.rszshm.structures.errors.CodecMismatchException;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.list.SharedLongList;
import dev.rszshm.structures.map.MapSpec;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.object.SharedObject;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.strings.StringTable;
import dev.rszshm.structures.struct.Block;
import dev.rszshm.structures.struct.Extensible;
import dev.rszshm.structures.struct.Length;
import dev.rszshm.structures.struct.SharedArray;
import dev.rszshm.structures.struct.Since;
import dev.rszshm.structures.struct.Slot;
import dev.rszshm.structures.struct.StructLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code get} and {@code put} do with each kind that has values by key, index or field. */
class ValuesTest {
  /** A struct with a field of many types. */
  public record Order(
      long price,
      int amount,
      boolean paid,
      double rate,
      @Length(16) String customer,
      @Length(3) short[] parts,
      Slot<Order> next,
      Block<Order> before) {}

  /** A struct as an older program declares it. */
  @Extensible
  @dev.rszshm.structures.struct.Name("Grown")
  public record Old(int first) {}

  /** The same as a newer program does. */
  @Extensible
  @dev.rszshm.structures.struct.Name("Grown")
  public record New(int first, @Since(2) int second) {}

  @TempDir Path directory;
  private String path;

  @BeforeEach
  void make() {
    path = directory.resolve("heap").toString();
    try (Heap heap = Heap.builder().span(16 << 20).create(Path.of(path));
        Allocator allocator = Allocator.on(heap)) {
      CounterMap.named(allocator, "hits", Codecs.strings()).add("/", 12);
      SharedList<String> lines = SharedList.named(allocator, "lines", Codecs.strings());
      lines.append("say \"hello\" \\ bye");
      SharedLongList.named(allocator, "totals").append(-5);
      SharedBitSet.named(allocator, "done").set(70);
      StringTable.named(allocator, "names").intern("pressure");
      SharedArray.named(allocator, "rates", ElementType.FLOAT64, 3).set(1, 0.5);
      SharedQueue.named(allocator, "jobs", Codecs.strings()).add("job");
      StructLayout<Order> layout = StructLayout.of(Order.class);
      layout.write(
          heap,
          layout.named(allocator, "order"),
          new Order(
              7,
              -1,
              true,
              2.5,
              "Ann",
              new short[] {1, 2, 3},
              new Slot<>(8),
              new Block<>(heap.dataOffset())));
      SharedArray.named(allocator, "orders", layout, 2);
      StructLayout<Old> old = StructLayout.of(Old.class);
      old.intField("first").set(heap, old.named(allocator, "old"), 3);
      StructLayout<New> grown = StructLayout.of(New.class);
      grown.intField("second").set(heap, grown.named(allocator, "new"), 4);
      SharedObject.named(allocator, "setting", Codecs.longs(), 8).set(-3L);
      SharedObject.named(allocator, "settings", Codecs.records(Old.class), 8).set(new Old(1));
      allocator.place("plain", -7, 1, 32);
      SharedMap.named(
          allocator, "empty", Codecs.strings(), Codecs.strings(), MapSpec.standard().withShards(2));
    }
  }

  private static String out(String... words) {
    Command.Result result = Command.run(words);
    assertEquals("", result.err());
    assertEquals(0, result.status(), result.out());
    return result.out().strip();
  }

  private String get(String name, String key) {
    return out("get", path, name, key);
  }

  private String put(String name, String key, String value) {
    out("put", path, name, key, value);
    return get(name, key);
  }

  private void assertFails(int status, String message, String... words) {
    Command.Result result = Command.run(words);
    assertEquals(status, result.status(), result.out());
    assertTrue(result.err().contains(message), result.err());
  }

  @Test
  void eachKindWithKeysOrIndexesHasValues() {
    assertEquals("12", get("hits", "/"));
    assertEquals("\"say \\\"hello\\\" \\\\ bye\"", get("lines", "0"));
    assertEquals("-5", get("totals", "0"));
    assertEquals("true", get("done", "70"));
    assertEquals("false", get("done", "71"));
    assertEquals("\"pressure\"", get("names", "0"));
    assertEquals("0.5", get("rates", "1"));
  }

  @Test
  void putChangesThem() {
    assertEquals("3", put("hits", "/", "3"));
    assertEquals("9", put("hits", "/new", "9"));
    assertEquals("\"other\"", put("lines", "0", "other"));
    assertEquals("8", put("totals", "0", "8"));
    assertEquals("false", put("done", "70", "false"));
    assertEquals("true", put("done", "5", "true"));
    assertEquals("1.25", put("rates", "2", "1.25"));
    assertTrue(out("check", path).contains("healthy"));
  }

  @Test
  void whatCannotBeIsSaid() {
    assertFails(1, "has no key /none", "get", path, "hits", "/none");
    assertFails(1, "has no key 1", "get", path, "lines", "1");
    assertFails(2, "has elements 0 to 0, found 1", "put", path, "lines", "1", "x");
    assertFails(2, "'x' is no float64", "put", path, "rates", "1", "x");
    assertFails(2, "'x' is no number", "get", path, "lines", "x");
    assertFails(2, "neither true nor false", "put", path, "done", "1", "yes");
    assertFails(1, "never change", "put", path, "names", "0", "x");
    assertFails(1, "counter maps, lists", "get", path, "jobs", "0");
    assertFails(1, "set by programs", "put", path, "orders", "0", "1");
    assertFails(1, "set by programs", "put", path, "order", "customer", "Bob");
    assertFails(2, "has no field colour: it has price", "put", path, "order", "colour", "1");
  }

  @Test
  void structsAreShownByTheLayoutThatIsStored() {
    String[] lines = out("dump", path, "order").split("\n");
    assertEquals("price = 7", lines[0]);
    assertEquals("amount = -1", lines[1]);
    assertEquals("paid = true", lines[2]);
    assertEquals("rate = 2.5", lines[3]);
    assertEquals("customer = \"Ann\"", lines[4]);
    assertEquals("parts = [1, 2, 3]", lines[5]);
    assertEquals("next = empty", lines[6]);
    assertTrue(lines[7].matches("before = [1-9][0-9]*"), lines[7]);
    assertEquals(8, lines.length);
    assertEquals("8", put("order", "price", "8"));
    assertTrue(out("roots", path).contains("struct Order: 8 fields in "));
    assertTrue(out("dump", path, "orders").startsWith("0: price = 0, amount = 0, paid = false"));
  }

  @Test
  void structsHaveTheFieldsOfTheVersionTheyWereMadeIn() {
    assertEquals("first = 3", out("dump", path, "old"));
    assertEquals("first = 0\nsecond = 4", out("dump", path, "new"));
  }

  @Test
  void objectsSayByWhichCodecTheyWereWritten() {
    String roots = out("roots", path);
    assertTrue(roots.contains("object of 8 bytes, written once by the codec long"), roots);
    assertTrue(roots.contains("of a record or a program"), roots);
    assertEquals("-3", out("dump", path, "setting"));
    try (Heap heap = Heap.builder().readOnly().attach(Path.of(path));
        Allocator allocator = Allocator.on(heap)) {
      assertTrue(
          assertThrows(
                  CodecMismatchException.class,
                  SharedObject.named(allocator, "setting", Codecs.strings(), 8)::get)
              .getMessage()
              .contains("in the format of codec long (0x6), version 1, expected String (0x20)"));
    }
  }

  @Test
  void typesThatNobodyKnowsAreHexadecimal() {
    assertTrue(out("roots", path).contains("32 bytes of type 0xfffffffffffffff9"));
    assertFalse(out("roots", path).contains("type -"));
  }

  @Test
  void dumpOfNothingSaysSo() {
    assertEquals("empty", out("dump", path, "empty"));
    assertTrue(out("dump", "--json", path, "empty").contains("\"lines\":[]"));
  }
}
