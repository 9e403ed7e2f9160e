package dev.rszshm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapInfo;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.map.SharedMap;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
  @TempDir Path directory;

  /** Changes a map all the time until its standard input ends. */
  static final class Writer {
    public static void main(String[] words) throws Exception {
      try (Heap heap = Heap.builder().name("writer").span(64 << 20).open(Path.of(words[0]));
          Allocator allocator = Allocator.on(heap)) {
        SharedMap<Integer, String> map =
            SharedMap.named(allocator, "m", Codecs.ints(), Codecs.strings());
        System.out.print("made");
        System.out.flush();
        for (int i = 0; System.in.available() == 0; i++) {
          map.put(i % 500, "x".repeat(i % 97));
          map.remove((i + 250) % 500);
        }
      }
      System.out.print("done");
      System.out.flush();
    }
  }

  @Test
  void copyOfAHeapInUseIsAsIfItsWritersHadDied() throws Exception {
    Path path = directory.resolve("heap");
    Process writer = startWriter(path);
    try {
      Command.Result refused =
          Command.run("snapshot", path.toString(), directory.resolve("none").toString());
      assertEquals(1, refused.status());
      assertTrue(refused.err().contains("--pause"), refused.err());
      assertFalse(Files.exists(directory.resolve("none")));
      for (int i = 0; i < 5; i++) {
        Path copy = directory.resolve("copy" + i);
        Path restored = directory.resolve("restored" + i);
        Command.Result taken = Command.run("snapshot", "--pause", path.toString(), copy.toString());
        assertEquals(0, taken.status(), taken.err());
        assertTrue(taken.out().contains("1 processes stood still for"), taken.out());
        assertEquals(0, Command.run("restore", copy.toString(), restored.toString()).status());
        assertSound(restored);
      }
      writer.getOutputStream().write(1);
      writer.getOutputStream().flush();
      assertEquals(
          "done", new String(writer.getInputStream().readAllBytes()), "the writer has gone on");
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }

  @Test
  void whatAKilledSnapshotHasLeftGoesWithTheNext() throws Exception {
    Path path = directory.resolve("heap");
    Heap.builder().create(path).close();
    Path left = Files.writeString(directory.resolve(".copy4711.part"), "a part of a copy");
    Path other = Files.writeString(directory.resolve(".copy2.other.part"), "of another name");
    Path busy = Files.writeString(directory.resolve(".copy4712.part"), "a copy under way");
    try (FileChannel writing = FileChannel.open(busy, StandardOpenOption.WRITE);
        FileLock lock = writing.lock()) {
      Command.Result taken =
          Command.run("snapshot", path.toString(), directory.resolve("copy").toString());
      assertEquals(0, taken.status(), taken.err());
      assertTrue(lock.isValid());
    }
    assertFalse(Files.exists(left));
    assertTrue(Files.exists(other));
    assertTrue(Files.exists(busy));
  }

  /** So that a copy takes its time. */
  private static void lengthen(Path path) {
    try (Heap heap = Heap.attach(path);
        Allocator allocator = Allocator.on(heap)) {
      heap.fill(allocator.allocate(40 << 20), 40 << 20, (byte) 1);
    }
  }

  private static char state(Process process) throws Exception {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }

  @Test
  @Timeout(300)
  void processesGoOnWhenTheCommandThatStoppedThemIsKilled() throws Exception {
    Path path = directory.resolve("heap");
    Process writer = startWriter(path);
    try {
      lengthen(path);
      boolean killed = false;
      for (int i = 0; !killed; i++) {
        Process command =
            new ProcessBuilder(
                    Command.java(
                        Main.class,
                        List.of(),
                        "snapshot",
                        "--pause",
                        path.toString(),
                        directory.resolve("copy" + i).toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        while (command.isAlive() && state(writer) != 'T') {
          Thread.onSpinWait();
        }
        command.destroyForcibly().waitFor();
        killed = command.exitValue() == 128 + 9; // or it was done before
      }
      while (state(writer) == 'T') {
        Thread.onSpinWait();
      }
      writer.getOutputStream().write(1);
      writer.getOutputStream().flush();
      assertEquals("done", new String(writer.getInputStream().readAllBytes()));
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }

  @Test
  void heapThatSomebodyIsChangingIsNotCalledDamaged() throws Exception {
    Path path = directory.resolve("heap");
    Process writer = startWriter(path);
    try {
      for (int i = 0; i < 20; i++) {
        Command.Result check = Command.run("check", path.toString());
        assertEquals(0, check.status(), check.out());
      }
      assertTrue(Command.run("roots", path.toString()).out().contains("map of "));
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }

  private static Process startWriter(Path path) throws Exception {
    Process writer =
        new ProcessBuilder(Command.java(Writer.class, List.of(), path.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertEquals("made", new String(writer.getInputStream().readNBytes(4)));
    return writer;
  }

  private static void assertSound(Path path) {
    try (Heap heap = Heap.builder().anyAddress().attach(path);
        Allocator allocator = Allocator.on(heap)) {
      SharedMap<Integer, String> map =
          SharedMap.named(allocator, "m", Codecs.ints(), Codecs.strings());
      assertTrue(map.check().isSound(), map.check().findings().toString());
      assertTrue(allocator.check().isSound(), allocator.check().findings().toString());
    }
  }

  @Test
  void heapIsRestoredAtAnotherAddressBesideTheOriginal() throws Exception {
    Path path = directory.resolve("heap");
    Path copy = directory.resolve("copy");
    try (SampleHeap sample = new SampleHeap(path)) {
      assertTrue(sample.allocator().check().isSound());
    }
    assertEquals(0, Command.run("snapshot", path.toString(), copy.toString()).status());
    long address = HeapInfo.of(path).address();
    long other = address == 56L << 40 ? 57L << 40 : 56L << 40;
    for (String at : List.of("free", "0x" + Long.toHexString(other))) {
      Path restored = directory.resolve("restored-" + at);
      Command.Result result =
          Command.run("restore", "--at", at, copy.toString(), restored.toString());
      assertEquals(0, result.status(), result.err());
      assertEquals(0, Command.run("check", restored.toString()).status());
      try (Heap original = Heap.attach(path);
          Heap moved = Heap.attach(restored)) {
        assertEquals(original.id(), moved.id());
        assertEquals(moved.address(), moved.base());
        assertNotEquals(original.base(), moved.base());
        assertTrue(at.equals("free") || moved.base() == other);
        assertTrue(Allocator.on(moved).check().isSound());
      }
    }
    for (String wrong : List.of("0x1001", "elsewhere", "-4096")) {
      Path none = directory.resolve("none");
      assertEquals(
          2, Command.run("restore", "--at", wrong, copy.toString(), none.toString()).status());
      assertFalse(Files.exists(none));
    }
  }

  @Test
  void copyKeepsHolesAndOverwritesNothing() throws Exception {
    Path path = directory.resolve("heap");
    Path copy = directory.resolve("copy");
    new SampleHeap(path).close();
    Command.Result result = Command.run("snapshot", path.toString(), copy.toString());
    assertEquals(0, result.status(), result.err());
    assertEquals(-1, Files.mismatch(path, copy));
    assertTrue(dev.rszshm.cli.file.DataRanges.bytes(copy, Files.size(copy)) < Files.size(copy) / 2);
    assertEquals(1, Command.run("snapshot", path.toString(), copy.toString()).status());
    assertEquals(1, Command.run("restore", copy.toString(), path.toString()).status());
    byte[] bytes = Files.readAllBytes(copy);
    bytes[17] ^= 1;
    Files.write(copy, bytes);
    Command.Result damaged =
        Command.run("restore", copy.toString(), directory.resolve("again").toString());
    assertEquals(1, damaged.status());
  }
}
