package dev.rszshm.tests.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorCheck;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.spi.Platform;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An operation that is cut short at every access to memory: by a throwable, after which its process
 * goes on, or by the death of its process, which others notice by themselves.
 */
@Timeout(300)
class CutShortTest {
  private static final long LARGE = 300_000;
  private static final int SMALL = 1280;

  /** What is cut short, on two slots of which the first refers to a block of another process. */
  private enum Operation {
    MOVE(a -> a.allocator.move(a.slots, a.slots + 8)),
    FREE_FROM(a -> a.allocator.freeFrom(a.slots)),
    ALLOCATE_INTO(a -> a.allocator.allocateInto(a.slots + 8, SMALL)),
    ALLOCATE_LARGE_INTO(a -> a.allocator.allocateInto(a.slots + 8, LARGE)),
    ALLOCATE(a -> a.allocator.free(a.allocator.allocate(40_000))),
    ALLOCATE_LARGE(a -> a.allocator.free(a.allocator.allocate(LARGE)));

    private final Consumer<World> body;

    Operation(Consumer<World> body) {
      this.body = body;
    }
  }

  /** Two processes with a heap. */
  private static final class World implements AutoCloseable {
    final Heap heap = Heap.builder().span(4 << 20).createAnonymous();
    final Allocator other = Allocator.on(heap);
    final CuttingMemory memory = new CuttingMemory();
    final Heap own =
        Heap.builder()
            .anyAddress()
            .platform(new Platform(memory, Platform.host().calls()))
            .attach(heap.path());
    final Allocator allocator = Allocator.on(own);
    final long slots = other.allocateZeroed(16);

    World(long size) {
      other.allocateInto(slots, size);
      allocator.free(allocator.allocate(8));
    }

    /** Runs an operation; false if it came to its end before so many accesses. */
    boolean cut(Operation operation, int after) {
      memory.cutAfter(after);
      try {
        operation.body.accept(this);
        return false;
      } catch (CuttingMemory.Cut cut) {
        return true;
      } finally {
        memory.cutAfter(Integer.MAX_VALUE);
      }
    }

    @Override
    public void close() {
      own.close();
      heap.close();
    }
  }

  private static void requireSlots(Operation operation, World world, Allocator user) {
    boolean first = user.get(world.slots) != 0;
    boolean second = user.get(world.slots + 8) != 0;
    if (operation == Operation.MOVE) {
      assertTrue(first ^ second, "the block is in one of the two");
    }
    assertEquals(first, user.freeFrom(world.slots), "the first slot can be emptied");
    assertEquals(second, user.freeFrom(world.slots + 8), "the second slot can be emptied");
    assertTrue(user.allocateInto(world.slots, SMALL) != 0, "the slot can be filled again");
  }

  /** At most the block is lost that a bare allocation was about to return or to free. */
  private static void requireSound(Operation operation, World world, int after) {
    AllocatorCheck check = world.other.check();
    assertTrue(check.isSound(), () -> operation + " after " + after + ": " + check.findings());
    boolean bare = operation == Operation.ALLOCATE || operation == Operation.ALLOCATE_LARGE;
    assertTrue(
        check.blocks() == 2 || bare && check.blocks() == 3,
        () -> operation + " after " + after + ": " + check.blocks() + " blocks");
    assertEquals(0, world.other.statistics().reservedChunks());
  }

  private static void cutEverywhere(Operation operation, long size, Consumer<World> then) {
    boolean cut = true;
    for (int after = 0; cut; after++) {
      try (World world = new World(size)) {
        cut = world.cut(operation, after);
        then.accept(world);
        requireSound(operation, world, after);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aProcessGoesOnAfterAThrowableAtAnyAccess(Operation operation) {
    for (long size : new long[] {SMALL, LARGE}) {
      cutEverywhere(
          operation,
          size,
          world -> {
            requireSlots(operation, world, world.allocator);
            world.allocator.recover();
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void othersGoOnAfterADeathAtAnyAccess(Operation operation) {
    for (long size : new long[] {SMALL, LARGE}) {
      cutEverywhere(
          operation,
          size,
          world -> {
            world.own.close();
            requireSlots(operation, world, world.other);
            world.other.recover();
          });
    }
  }

  /** Another thread of the process finds the slots in order, without a call for that. */
  @Test
  void anotherThreadFindsTheSlotsInOrderAfterAThrowable() {
    cutEverywhere(
        Operation.MOVE,
        SMALL,
        world -> {
          Throwable[] thrown = {null};
          Thread thread =
              new Thread(() -> requireSlots(Operation.MOVE, world, world.allocator), "other");
          thread.setUncaughtExceptionHandler((t, e) -> thrown[0] = e);
          thread.start();
          try {
            thread.join();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          if (thrown[0] != null) {
            throw new AssertionError(thrown[0]);
          }
          world.allocator.recover();
        });
  }
}
