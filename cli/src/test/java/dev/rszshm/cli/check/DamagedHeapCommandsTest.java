package dev.rszshm.cli.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.Command;
import dev.rszshm.cli.SampleHeap;
import dev.rszshm.cli.check.Words.Word;
import dev.rszshm.heap.Heap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each command says what is wrong with a damaged heap, and ends. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DamagedHeapCommandsTest {
  private static final boolean STORM = Boolean.getBoolean("dev.rszshm.storm");
  private static final int WAYS = STORM ? 2000 : 20;
  private static final String HEAP = "HEAP";

  /** Commands that only look. */
  private static final List<List<String>> LOOKING =
      List.of(
          List.of("info", HEAP),
          List.of("roots", HEAP),
          List.of("stat", HEAP),
          List.of("participants", HEAP),
          List.of("locks", HEAP),
          List.of("map", HEAP),
          List.of("check", HEAP),
          List.of("recover", "--dry-run", HEAP),
          List.of("get", HEAP, "names", "key 1"),
          List.of("get", HEAP, "counts", "word 1"),
          List.of("get", HEAP, "prices", "price 1"));

  /** Commands that change the heap, or take long. */
  private static final List<List<String>> CHANGING =
      List.of(
          List.of("recover", HEAP),
          List.of("trim", HEAP),
          List.of("top", "--once", HEAP), // which takes a second
          List.of("grow", "--to", "8M", HEAP),
          List.of("put", HEAP, "names", "key 1", "other"),
          List.of("drop", HEAP, "names"),
          List.of("drop", HEAP, "work", "prices", "lines", "counts"),
          List.of("drop", "--force", HEAP, "names", "undo", "units", "points"));

  private static final List<String> ROOTS =
      List.of(
          "names",
          "jobs",
          "news",
          "questions",
          "settings",
          "lines",
          "counts",
          "units",
          "prices",
          "work",
          "undo",
          "events",
          "done",
          "numbers",
          "points",
          "accounts",
          "words");

  @TempDir Path directory;
  private Path sound;
  private Path path;
  private List<Word> words;

  @BeforeEach
  void make() throws Exception {
    sound = directory.resolve("sound");
    path = directory.resolve("heap");
    try (SampleHeap sample = new SampleHeap(sound)) {
      sample.permits().release();
      words = Words.of(sample.heap(), sample.allocator());
    }
  }

  private void damage(Random random) throws IOException {
    Files.copy(sound, path, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      for (int i = random.nextInt(3); i >= 0; i--) {
        Word word = words.get(32 + random.nextInt(words.size() - 32)); // the header is in order
        byte[] bytes = new byte[random.nextInt(4) == 0 ? 64 : word.bytes()];
        random.nextBytes(bytes);
        if (random.nextInt(3) == 0) {
          Arrays.fill(bytes, (byte) (random.nextBoolean() ? -1 : 0));
        }
        file.write(ByteBuffer.wrap(bytes), word.offset());
      }
    }
  }

  private int run(Set<String> wrong, String... command) {
    String[] actual = command.clone();
    for (int i = 0; i < actual.length; i++) {
      actual[i] = actual[i].equals(HEAP) ? path.toString() : actual[i];
    }
    Command.Result result = Command.run(actual);
    String said = String.join(" ", command) + ": " + result.status() + " " + result.err();
    if (result.status() != 0 && result.status() != 1
        || result.err().contains("unexpected")
        || result.err().contains("null")
        || (result.status() == 1 && result.err().isBlank() && result.out().isBlank())) {
      wrong.add(said);
    }
    assertTrue(result.out().length() < 1 << 20, said);
    return result.status();
  }

  @Test
  void everyCommandSaysWhatIsWrongAndEnds() throws IOException {
    long seed = STORM ? System.nanoTime() : 5;
    Random random = new Random(seed);
    Set<String> wrong = new TreeSet<>();
    for (int i = 0; i < WAYS; i++) {
      damage(random);
      for (List<String> command : LOOKING) {
        run(wrong, command.toArray(String[]::new));
      }
      String root = ROOTS.get(random.nextInt(ROOTS.size()));
      run(wrong, "dump", HEAP, root);
      run(wrong, "dump", "--hex", HEAP, root);
      List<String> change = CHANGING.get(random.nextInt(CHANGING.size()));
      run(wrong, change.toArray(String[]::new));
    }
    assertTrue(wrong.isEmpty(), () -> "seed " + seed + ":\n" + String.join("", wrong));
  }

  @Test
  void getAndPutSayThatARootRefersToNoBlock() {
    path = sound;
    try (Heap heap = Heap.attach(sound);
        Allocator allocator = Allocator.on(heap)) {
      for (String root : ROOTS) {
        allocator.freeFrom(allocator.findRoot(root).orElseThrow().slot());
      }
    }
    Set<String> wrong = new TreeSet<>();
    for (String root : ROOTS) {
      assertEquals(1, run(wrong, "get", HEAP, root, "0"), root);
      assertEquals(1, run(wrong, "put", HEAP, root, "0", "1"), root);
    }
    assertTrue(wrong.isEmpty(), wrong.toString());
  }

  @Test
  void everyCommandRefusesWhatIsNoHeapItKnows() throws IOException {
    byte[] bytes = Files.readAllBytes(sound);
    List<Path> files = new ArrayList<>(List.of(directory.resolve("none")));
    files.add(Files.writeString(directory.resolve("text"), "no heap at all, but a text of lines"));
    files.add(Files.createFile(directory.resolve("empty")));
    files.add(Files.write(directory.resolve("cut"), Arrays.copyOf(bytes, bytes.length / 2)));
    byte[] newer = bytes.clone();
    newer[32] = 99;
    files.add(Files.write(directory.resolve("newer"), newer));
    Path copy = directory.resolve("copy");
    List<List<String>> commands = new ArrayList<>(LOOKING);
    commands.addAll(CHANGING);
    commands.add(List.of("dump", HEAP, "names"));
    commands.add(List.of("snapshot", HEAP, copy.toString()));
    commands.add(List.of("restore", HEAP, copy.toString()));
    for (Path file : files) {
      path = file;
      for (List<String> command : commands) {
        Set<String> wrong = new TreeSet<>();
        int status = run(wrong, command.toArray(String[]::new));
        assertTrue(wrong.isEmpty(), wrong.toString());
        assertEquals(1, status, command + " of " + file);
        assertFalse(Files.exists(copy), command + " of " + file);
      }
    }
  }

  @Test
  void everyCommandEndsOnAPlainFileAndOnAHeapWithoutAllocator() throws IOException {
    Path plain = directory.resolve("plain");
    Heap.builder().plain().span(1 << 20).create(plain).close();
    Path raw = directory.resolve("raw");
    Heap.builder().span(1 << 20).create(raw).close();
    Set<String> wrong = new TreeSet<>();
    for (Path file : List.of(plain, raw)) {
      path = file;
      for (List<String> command : LOOKING) {
        run(wrong, command.toArray(String[]::new));
      }
      for (List<String> command : CHANGING) {
        run(wrong, command.toArray(String[]::new));
      }
    }
    assertTrue(wrong.isEmpty(), wrong.toString());
  }
}
