package dev.rszshm.cli.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.Command;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the command says of who has the ends of a channel with one sender and one receiver. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SingleEndsKindTest {
  private static final ChannelSpec SPEC =
      ChannelSpec.of(8, Width.variable(20)).singleSender().singleReceiver();

  @TempDir Path directory;

  /** Makes a heap, sends two messages, and dies as the sender. */
  public static void main(String[] words) throws Exception {
    Heap heap = Heap.builder().span(16 << 20).create(Path.of(words[0]));
    Channel channel = Channel.named(Allocator.on(heap), "one", SPEC);
    channel.send(new byte[] {65});
    channel.send(new byte[] {66});
    Runtime.getRuntime().halt(0);
  }

  @Test
  void dumpLocksAndCheckTellWhoHasAnEndAndWhetherItLives() throws Exception {
    Path path = directory.resolve("heap");
    Process sender =
        new ProcessBuilder(Command.java(SingleEndsKindTest.class, List.of(), path.toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    sender.waitFor();
    String dead = "single sender: process " + sender.pid() + ", dead";
    requireSaid("dump", path, dead, "single receiver: nobody", "A", "B");
    requireSaid("locks", path, "channel with 2 of 8 messages, " + dead);
    requireSaid("check", path, "died with the sending end, which the next one takes");
    assertTrue(Command.run("locks", "--busy", path.toString()).out().contains("one"));
    try (Heap heap = Heap.attach(path);
        Allocator allocator = Allocator.on(heap)) {
      Channel channel = Channel.named(allocator, "one", SPEC);
      assertEquals(65, channel.receive()[0]);
      channel.send(new byte[] {67});
      String own = "process " + ProcessHandle.current().pid();
      requireSaid("dump", path, "single sender: " + own, "single receiver: " + own, "B", "C");
      assertFalse(Command.run("check", path.toString()).out().contains("died with"));
    }
    requireSaid("dump", path, "single sender: nobody", "single receiver: nobody");
  }

  private static void requireSaid(String command, Path path, String... expected) {
    Command.Result result =
        command.equals("dump")
            ? Command.run(command, path.toString(), "one")
            : Command.run(command, path.toString());
    for (String text : expected) {
      assertTrue(result.out().contains(text), () -> text + " in " + result.out());
    }
  }
}
