package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.examples.OrderBook;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.struct.Align;
import dev.rszshm.structures.struct.Block;
import dev.rszshm.structures.struct.Extensible;
import dev.rszshm.structures.struct.Length;
import dev.rszshm.structures.struct.Name;
import dev.rszshm.structures.struct.Since;
import dev.rszshm.structures.struct.Slot;
import dev.rszshm.structures.struct.StructLayout;
import dev.rszshm.testkit.process.Jdk;
import dev.rszshm.testkit.process.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Structs that Java declares and C reads. */
class CStructIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private static CPeer c;

  @TempDir(factory = InMemory.class)
  Path directory;

  /** All kinds of fields, at all kinds of places. */
  record Inner(long x, byte y) {}

  record Outer(
      boolean open,
      Inner inner,
      byte after,
      char letter,
      @Length(3) short[] shorts,
      @Length(7) String text,
      float f,
      double d,
      @Align(64) int hot,
      @Name("register") int reserved,
      Inner last) {}

  @Extensible
  record Versions(
      int a,
      @Since(2) byte b,
      @Since(3) @Align(32) @Length(2) Slot<Outer>[] c,
      @Since(3) Block<Inner> d) {}

  /** With the name of another. */
  @Name("Order")
  record Other(double price) {}

  @BeforeAll
  static void compile(@TempDir Path build) {
    c = CPeer.compile(build, "list_orders");
  }

  private WorkerProcess order(Path path, String customer, int times) {
    List<String> command = new ArrayList<>(List.of(Jdk.current().java().toString()));
    command.addAll(Jdk.current().nativeAccess());
    command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(OrderBook.class.getName(), path.toString(), customer, "" + times));
    return WorkerProcess.start(LIMIT, command);
  }

  @Test
  void theHeaderThatIsCompiledIsTheOneThatIsGenerated() throws IOException {
    Path sources = Path.of(System.getProperty("dev.rszshm.root", "..")).resolve("examples/c");
    assertEquals(
        Files.readString(sources.resolve("order.h")),
        StructLayout.of(OrderBook.Order.class).toCHeader("order"),
        "generate examples/c/order.h anew");
  }

  @Test
  void aListThatJvmsHaveMadeIsReadFromC() {
    Path path = directory.resolve("book");
    try (WorkerProcess ann = order(path, "ann", 500);
        WorkerProcess bob = order(path, "bob", 300)) {
      ann.awaitSuccess();
      bob.awaitSuccess();
    }
    List<String> lines = c.run(path);
    assertEquals(800, lines.size());
    for (String customer : List.of("ann", "bob")) {
      List<String> its = lines.stream().filter(line -> line.startsWith(customer)).toList();
      assertEquals(
          IntStream.rangeClosed(1, its.size())
              .mapToObj(i -> customer + " " + i + " at " + (100 + i))
              .toList(),
          its);
    }
  }

  @Test
  void anotherLayoutIsRefusedByC() throws IOException {
    Path path = directory.resolve("book");
    try (Heap heap = Heap.builder().create(path);
        Allocator allocator = Allocator.on(heap)) {
      assertTrue(c.refuse(2, path).contains("has no root named \"struct Order\""));
      StructLayout.of(Other.class).publish(allocator);
      assertTrue(c.refuse(1, path).contains("generate order.h anew"));
    }
  }

  @Test
  void aCompilerOfCPutsAllFieldsWhereTheLayoutSays() throws IOException {
    for (Class<? extends Record> type : List.of(Inner.class, Outer.class, Versions.class)) {
      Path header = directory.resolve(type.getSimpleName() + ".h");
      Path source = directory.resolve(type.getSimpleName() + ".c");
      Files.writeString(header, StructLayout.of(type).toCHeader("it"));
      Files.writeString(
          source,
          "#include \""
              + header.getFileName()
              + "\"\nstatic struct it all[2];\n"
              + "int main(void) { return sizeof all == 2 * sizeof(struct it) ? 0 : 1; }\n");
      List<String> compiler =
          List.of("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "" + source);
      try (WorkerProcess process = WorkerProcess.start(LIMIT, compiler)) {
        process.awaitSuccess();
      }
    }
  }
}
