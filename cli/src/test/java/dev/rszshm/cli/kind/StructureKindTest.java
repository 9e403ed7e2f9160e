package dev.rszshm.cli.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.cli.Command;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.structures.bitset.SharedBitSet;
import dev.rszshm.structures.codec.Codec;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.counters.CounterMap;
import dev.rszshm.structures.list.SharedList;
import dev.rszshm.structures.list.SharedLongList;
import dev.rszshm.structures.map.SharedMap;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.Task;
import dev.rszshm.structures.pool.TaskContext;
import dev.rszshm.structures.pool.WorkerPool;
import dev.rszshm.structures.queue.QueueSpec;
import dev.rszshm.structures.queue.RingLog;
import dev.rszshm.structures.queue.RingLogSpec;
import dev.rszshm.structures.queue.SharedDeque;
import dev.rszshm.structures.queue.SharedQueue;
import dev.rszshm.structures.sorted.OrderedCodecs;
import dev.rszshm.structures.sorted.SharedSortedMap;
import dev.rszshm.structures.sorted.SortedMapSpec;
import dev.rszshm.structures.strings.StringTable;
import dev.rszshm.structures.struct.SharedArray;
import dev.rszshm.structures.struct.StructLayout;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the command says of collections and structs, sound ones and damaged ones. */
@Timeout(300)
class StructureKindTest {
  /** A place. */
  public record Point(int x, long y) {}

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The facts of a structure of strings about their codec. */
  private static final String STRING = "'codec':'0x20','codecName':'String','codecVersion':1}";

  /** Words that are looked at, from the beginning of each structure. */
  private static final int HEAD_WORDS = 18;

  @TempDir Path directory;
  private Path path;
  private final Map<String, Long> places = new TreeMap<>();

  @BeforeEach
  void make() throws InterruptedException {
    path = directory.resolve("heap");
    try (Heap heap = Heap.builder().span(16 << 20).create(path);
        Allocator allocator = Allocator.on(heap)) {
      SharedSortedMap<String, Long> prices =
          SharedSortedMap.named(
              allocator, "prices", SortedMapSpec.of(OrderedCodecs.strings(), Codecs.longs()));
      prices.put("pear", 7L);
      prices.put("apple", 30L);
      SharedQueue<String> jobs =
          SharedQueue.named(allocator, "jobs", Codecs.strings(), QueueSpec.bounded(100));
      for (int i = 0; i < 12; i++) {
        jobs.add("job " + i);
      }
      SharedDeque.named(allocator, "work", Codecs.strings()).add("sort");
      RingLog<String> events =
          RingLog.named(allocator, "events", Codecs.strings(), RingLogSpec.of(4, 40));
      for (int i = 0; i < 6; i++) {
        events.append("event " + i);
      }
      SharedList<String> lines = SharedList.named(allocator, "lines", Codecs.strings());
      lines.append("first");
      lines.append("second");
      SharedLongList totals = SharedLongList.named(allocator, "totals");
      totals.append(-5);
      totals.append(1L << 40);
      SharedBitSet done = SharedBitSet.named(allocator, "done");
      done.set(1);
      done.set(62);
      done.set(63);
      done.set(64);
      CounterMap<String> words = CounterMap.named(allocator, "words", Codecs.strings());
      words.add("heap", 5);
      words.add("lock", 8);
      StringTable names = StringTable.named(allocator, "names");
      names.intern("temperature");
      names.intern("pressure");
      WorkerPool.withoutWorkers(allocator, "pool", PoolSpec.ofWorkers(1).withQueueLength(8))
          .calls(Shout.class)
          .execute("hello");
      SharedArray.named(allocator, "numbers", ElementType.INT32, 3).set(1, -7);
      SharedArray.named(allocator, "points", StructLayout.of(Point.class), 2)
          .set(1, new Point(1, 2));
      for (RootEntry entry : allocator.roots()) {
        boolean unaligned = entry.name().contains("Point") || entry.size() == SharedArray.LENGTH;
        places.put(entry.name(), new Root(allocator, entry).place(unaligned ? 16 : 64));
      }
    }
  }

  /** What a process leaves that dies after it has got the place and before it has written there. */
  @Test
  void aStructureWhoseMakerDiedIsNoDamage() {
    Path unfinished = directory.resolve("unfinished");
    try (Heap heap = Heap.builder().span(16 << 20).create(unfinished);
        Allocator allocator = Allocator.on(heap)) {
      int i = 0;
      for (long type :
          new long[] {
            SharedList.ROOT_TYPE,
            SharedBitSet.ROOT_TYPE,
            SharedLongList.ROOT_TYPE,
            CounterMap.ROOT_TYPE,
            StringTable.ROOT_TYPE,
            SharedQueue.ROOT_TYPE,
            SharedDeque.ROOT_TYPE,
            RingLog.ROOT_TYPE,
            SharedSortedMap.ROOT_TYPE,
            SharedMap.ROOT_TYPE
          }) {
        allocator.place("unfinished " + i++, type, 1, 4096, 64);
      }
    }
    String checked = out("check", unfinished.toString());
    assertTrue(checked.contains("nobody has finished making it"), checked);
    assertTrue(checked.contains("sound"), checked);
    out("recover", unfinished.toString());
    out("roots", unfinished.toString());
  }

  /** A task that nobody runs. */
  public static final class Shout implements Task<String, String> {
    @Override
    public Codec<String> argumentCodec() {
      return Codecs.strings();
    }

    @Override
    public Codec<String> resultCodec() {
      return Codecs.strings();
    }

    @Override
    public String run(String text, TaskContext context) {
      return text + "!";
    }
  }

  private static String out(String... words) {
    Command.Result result = Command.run(words);
    assertEquals("", result.err());
    assertEquals(0, result.status(), result.out());
    return result.out();
  }

  private JsonNode root(String name) throws Exception {
    for (String line : out("roots", "--json", path.toString()).lines().toList()) {
      JsonNode node = MAPPER.readTree(line);
      if (node.get("name").asText().equals(name)) {
        return node;
      }
    }
    throw new AssertionError("there is no root " + name);
  }

  private void assertIs(String name, String kind, String text, String facts) throws Exception {
    JsonNode root = root(name);
    assertEquals(kind, root.get("kind").asText());
    assertEquals(text, root.get("text").asText());
    assertEquals(MAPPER.readTree(facts.replace('\'', '"')), root.get("facts"), name);
  }

  @Test
  void rootsSayWhatEachIs() throws Exception {
    JsonNode prices = root("prices");
    assertEquals("sorted map of 2 entries, keys String, values long", prices.get("text").asText());
    assertEquals("sorted map", prices.get("kind").asText());
    assertEquals("0x20", prices.get("facts").get("keyCodec").asText());
    assertEquals("long", prices.get("facts").get("valueCodecName").asText());
    assertEquals(1, prices.get("facts").get("valueCodecVersion").asInt());
    assertEquals(4096, prices.get("facts").get("nodeLength").asInt());
    assertIs(
        "jobs",
        "queue",
        "queue of 12 elements, at most 100, codec String",
        "{'elements':12,'capacity':100,'segmentLength':8192," + STRING);
    assertIs(
        "pool",
        "worker pool",
        "worker pool of 0 threads, 1 task",
        "{'threads':0,'tasks':1,'waiting':1,'queueLength':8,'shutDown':false}");
    assertIs(
        "work",
        "deque",
        "deque of 1 element, codec String",
        "{'elements':1,'capacity':null," + STRING);
    assertIs(
        "events",
        "log",
        "log of the last 4 of 6 entries, room for 4, codec String",
        "{'entries':4,'appended':6,'room':4,'maxLength':40," + STRING);
    assertIs("lines", "list", "list of 2 elements, codec String", "{'elements':2," + STRING);
    assertIs("totals", "list of numbers", "list of 2 numbers", "{'elements':2}");
    assertIs("done", "bit set", "bit set with 4 of 65 bits set", "{'set':4,'length':65}");
    assertIs(
        "words",
        "counter map",
        "counter map of 2 keys, the sum is 13, codec String",
        "{'keys':2,'more':false,'sum':13," + STRING);
    assertIs("names", "string table", "string table of 2 strings", "{'strings':2}");
    assertIs(
        "numbers",
        "array",
        "array of 3 elements of type int32",
        "{'elements':3,'elementType':'int32','elementLength':4}");
    assertIs(
        "points",
        "array",
        "array of 2 elements of type Point",
        "{'elements':2,'elementType':'Point','elementLength':16}");
    assertIs(
        "struct Point",
        "struct layout",
        "layout of the struct Point, version 1: 2 fields in 16 bytes",
        "{'struct':'Point','version':1,'structLength':16,'alignment':8,'extensible':false,"
            + "'fields':2}");
  }

  @Test
  void allAreSoundAndNothingIsLeftToRecover() {
    assertTrue(out("check", path.toString()).contains("healthy"));
    assertTrue(out("recover", path.toString()).contains("healthy"));
  }

  private List<String> dump(String... words) {
    List<String> all = new ArrayList<>(List.of("dump", path.toString()));
    all.addAll(List.of(words));
    return out(all.toArray(String[]::new)).lines().toList();
  }

  @Test
  void dumpShowsWhatIsInThem() {
    assertEquals(List.of("\"apple\" = 30", "\"pear\" = 7"), dump("prices"));
    assertEquals(
        List.of("\"job 0\"", "\"job 1\"", "… and more: --most says how many"),
        dump("jobs", "--most", "2"));
    assertEquals(12, dump("jobs").size());
    assertEquals(List.of("\"sort\""), dump("work"));
    assertEquals(List.of("0: " + Shout.class.getName() + ", waiting"), dump("pool"));
    assertEquals(
        List.of("2: \"event 2\"", "3: \"event 3\"", "4: \"event 4\"", "5: \"event 5\""),
        dump("events"));
    assertEquals(
        List.of("… and 3 before: --most says how many", "5: \"event 5\""),
        dump("events", "--most", "1"));
    assertEquals(List.of("0: \"first\"", "1: \"second\""), dump("lines"));
    assertEquals(List.of("0: -5", "1: 1099511627776"), dump("totals"));
    assertEquals(List.of("1", "62 to 64"), dump("done"));
    assertEquals(List.of("\"lock\" = 8", "\"heap\" = 5"), dump("words"));
    assertEquals(
        List.of("\"lock\" = 8", "… and more: --most says how many"), dump("words", "--most", "1"));
    assertEquals(List.of("0: \"temperature\"", "1: \"pressure\""), dump("names"));
    assertEquals(List.of("0: 0", "1: -7", "2: 0"), dump("numbers"));
    assertEquals("1: x = 1, y = 2", dump("points").get(1));
    assertEquals(
        List.of("version 1 length 16 alignment 8", "x int32 offset 0", "y int64 offset 8"),
        dump("struct Point"));
  }

  @Test
  void entriesOfSortedMapsAreReadAndWrittenByKey() {
    assertEquals("7", out("get", path.toString(), "prices", "pear").strip());
    out("put", path.toString(), "prices", "plum", "9L");
    assertEquals("\"plum\" = 9", dump("prices").get(2));
    assertTrue(out("check", path.toString()).contains("healthy"));
  }

  private long word(FileChannel file, long offset) throws Exception {
    ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.read(word, offset);
    return word.getLong(0);
  }

  private void write(FileChannel file, long offset, long value) throws Exception {
    ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.write(word.putLong(0, value), offset);
  }

  @Test
  void whatTheLivingDoIsNeitherDamageNorLeft() throws Exception {
    AtomicBoolean isOver = new AtomicBoolean();
    try (Heap heap = Heap.builder().attach(path);
        Allocator allocator = Allocator.on(heap)) {
      SharedDeque<String> work = SharedDeque.named(allocator, "work", Codecs.strings());
      SharedQueue<String> jobs =
          SharedQueue.named(allocator, "jobs", Codecs.strings(), QueueSpec.bounded(100));
      SharedSortedMap<String, Long> prices =
          SharedSortedMap.named(
              allocator, "prices", SortedMapSpec.of(OrderedCodecs.strings(), Codecs.longs()));
      Thread worker =
          new Thread(
              () -> {
                for (long i = 0; !isOver.get(); i++) {
                  work.push("next");
                  jobs.offer("more");
                  prices.put("plum" + i % 100, i);
                  work.pollLast();
                  jobs.poll();
                  prices.pollFirstEntry();
                }
              });
      worker.start();
      try {
        for (int i = 0; i < 5; i++) {
          assertTrue(out("check", path.toString()).matches("(?s).*: (healthy|sound)\n.*"));
        }
      } finally {
        isOver.set(true);
        worker.join();
      }
    }
  }

  @Test
  void whatADeathHasLeftIsRecoverableAndEnded() throws Exception {
    Map<String, Integer> busy =
        Map.of("jobs", 72, "work", 72, "lines", 136, "names", 136, "prices", 72);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      for (Map.Entry<String, Integer> word : busy.entrySet()) {
        write(file, places.get(word.getKey()) + word.getValue(), 1);
      }
    }
    Command.Result check = Command.run("check", path.toString());
    assertEquals(1, check.status());
    assertTrue(check.out().contains(": recoverable"), check.out());
    String done = out("recover", path.toString());
    for (String name : busy.keySet()) {
      assertTrue(check.out().contains(name), check.out());
      assertTrue(done.contains("\"" + name + "\": ended"), done);
    }
    assertTrue(done.contains("healthy"), done);
    assertEquals(12, dump("jobs").size());
  }

  /** What is wrong with a root; what is thrown, but for RuntimeExceptions, fails the test. */
  private static String look(Allocator allocator, String name) {
    Root root = new Root(allocator, allocator.findRoot(name).orElseThrow());
    Kinds.describe(root);
    ByteArrayOutputStream dumped = new ByteArrayOutputStream();
    try {
      Kinds.of(root).dump(root, new PrintStream(dumped, true, StandardCharsets.UTF_8), 1000);
    } catch (HeapException | IllegalStateException e) {
      assertFalse(e.getMessage().isBlank());
    }
    assertTrue(dumped.size() < 1 << 20, name);
    try {
      return Kinds.of(root).check(root).toString();
    } catch (RuntimeException e) { // as the check shows it
      return "[" + e.getMessage() + "]";
    }
  }

  /** What to do with a file, and what sees it. */
  private interface Damaging {
    void accept(FileChannel file, Allocator allocator) throws Exception;
  }

  private void damage(Damaging damaging) throws Exception {
    try (FileChannel file =
            FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Heap heap = Heap.builder().readOnly().anyAddress().attach(path);
        Allocator allocator = Allocator.on(heap)) {
      damaging.accept(file, allocator);
    }
    assertTrue(out("check", path.toString()).contains("healthy"));
  }

  @Test
  void wrongFirstWordsAreFound() throws Exception {
    damage(
        (file, allocator) -> {
          for (Map.Entry<String, Long> place : places.entrySet()) {
            String name = place.getKey();
            long word = word(file, place.getValue());
            for (long wrong : new long[] {-1, word ^ 1L << 33, 0}) {
              write(file, place.getValue(), wrong);
              boolean isUnstored = wrong == 0 && name.startsWith("struct ");
              String said = look(allocator, name);
              assertEquals(isUnstored, said.equals("[]"), name + ", " + wrong + ": " + said);
            }
            Command.Result check = Command.run("check", path.toString());
            assertEquals(1, check.status(), check.out()); // an array without its layout, too
            write(file, place.getValue(), word);
          }
        });
  }

  @Test
  void wrongSizesAreFound() throws Exception {
    Map<String, Integer> sizes =
        Map.of("events", 64, "lines", 64, "names", 64, "numbers", 32, "work", 120, "jobs", 104);
    damage(
        (file, allocator) -> {
          for (Map.Entry<String, Integer> size : sizes.entrySet()) {
            long offset = places.get(size.getKey()) + size.getValue();
            long word = word(file, offset);
            for (long wrong : new long[] {-1, word + 1000, Long.MAX_VALUE}) {
              write(file, offset, wrong);
              String said = look(allocator, size.getKey());
              assertFalse(said.equals("[]"), size + ", " + wrong);
            }
            write(file, offset, word);
          }
        });
  }

  @Test
  void noWrongWordInTheHeadsBringsTheCommandDown() throws Exception {
    long[] ways = {-1, 1L << 62, 8, 0x5a5a_5a5a_5a5a_5a5aL, 1, 0x1_0000};
    damage(
        (file, allocator) -> {
          for (Map.Entry<String, Long> place : places.entrySet()) {
            int words = place.getKey().startsWith("struct ") ? 2 : HEAD_WORDS;
            for (int i = 0; i < words; i++) {
              long offset = place.getValue() + (long) i * Long.BYTES;
              long word = word(file, offset);
              for (int way = i % 2; way < ways.length; way += 2) {
                write(file, offset, word ^ ways[way]);
                look(allocator, place.getKey());
              }
              write(file, offset, word);
            }
          }
        });
  }
}
