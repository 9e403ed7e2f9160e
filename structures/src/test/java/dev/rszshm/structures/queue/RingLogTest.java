package dev.rszshm.structures.queue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.queue.errors.NotAQueueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RingLogTest {
  private static RingLog<String> log(QueueFixture fixture, int entries) {
    return RingLog.named(fixture.allocator, "log", Codecs.strings(), RingLogSpec.of(entries, 40));
  }

  private static <E> List<E> all(Iterable<E> entries) {
    List<E> list = new ArrayList<>();
    entries.forEach(list::add);
    return list;
  }

  @Test
  @Timeout(300)
  void theLastEntriesAreKept() throws InterruptedException {
    try (QueueFixture fixture = new QueueFixture()) {
      RingLog<String> log = log(fixture, 3);
      assertEquals(List.of(), all(log));
      for (int i = 0; i < 10; i++) {
        assertEquals(i, log.append("entry " + i));
      }
      assertEquals(List.of("entry 7", "entry 8", "entry 9"), all(log(fixture, 3)));
      assertEquals(10, log.appended());
      assertEquals(3, log.size());
      RingLogReader<String> reader = log.reader();
      assertEquals("entry 7", reader.take());
      assertEquals(0, reader.missed());
      log.append("");
      log.append("entry 11");
      assertEquals(Optional.of("entry 9"), reader.poll());
      assertEquals(1, reader.missed());
      assertEquals(10, reader.position());
      assertEquals(Optional.of(""), reader.poll(Duration.ZERO));
      assertEquals("entry 11", reader.takeUninterruptibly());
      assertEquals(Optional.empty(), reader.poll());
      assertEquals(Optional.empty(), reader.poll(Duration.ofMillis(1)));
      assertEquals(5, log.readerFrom(5).position());
      assertEquals(12, log.readerOfNew().position());
      assertEquals(List.of(), log.check().findings());
      assertThrows(IllegalArgumentException.class, () -> log.append("x".repeat(41)));
      assertThrows(NullPointerException.class, () -> log.append(null));
    }
  }

  @Property(tries = 100)
  void itIsLikeTheEndOfAList(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int kept,
      @ForAll @IntRange(max = 200) int steps) {
    Random random = new Random(seed);
    try (QueueFixture fixture = new QueueFixture(64 << 20)) {
      RingLog<String> log = log(fixture, kept);
      List<String> model = new ArrayList<>();
      RingLogReader<String> reader = log.reader();
      long read = 0;
      long removed = 0;
      for (int i = 0; i < steps; i++) {
        int what = random.nextInt(12);
        if (what == 0) {
          log.clear();
          removed = model.size();
        } else if (what < 8) {
          String entry = "" + (char) ('a' + i % 26) + "x".repeat(random.nextInt(39));
          log.append(entry);
          model.add(entry);
        } else {
          long oldest = Math.max(Math.max(read, removed), model.size() - kept);
          Optional<String> found = reader.poll();
          assertEquals(oldest < model.size(), found.isPresent());
          if (found.isPresent()) {
            assertEquals(model.get((int) oldest), found.get());
            read = oldest + 1;
            assertEquals(read, reader.position());
          }
        }
        int first = Math.max((int) removed, model.size() - kept);
        assertEquals(model.subList(first, model.size()), all(log));
        assertEquals(model.size() - first, log.size());
        assertEquals(model.size() - first, log.check().entries());
        assertEquals(first, log.reader().position());
        assertEquals(model.size(), log.appended());
        assertEquals(List.of(), log.check().findings());
      }
    }
  }

  @Test
  void aReaderMissesWhatWasRemovedAndGoesOnBehindIt() {
    try (QueueFixture fixture = new QueueFixture()) {
      RingLog<String> log = log(fixture, 8);
      RingLogReader<String> reader = log.reader();
      log.append("0");
      log.append("1");
      assertEquals(Optional.of("0"), reader.poll());
      log(fixture, 8).clear();
      assertEquals(Optional.empty(), reader.poll());
      assertEquals(List.of(), all(log));
      assertEquals(2, log.append("2"));
      assertEquals(Optional.of("2"), reader.poll());
      assertEquals(1, reader.missed());
      assertEquals(List.of("2"), all(log));
    }
  }

  @Test
  @Timeout(300)
  void aReaderWaitsForAnEntry() throws InterruptedException {
    try (QueueFixture fixture = new QueueFixture()) {
      RingLog<String> log = log(fixture, 8);
      List<String> read = new ArrayList<>();
      Thread reader =
          new Thread(
              () -> {
                RingLogReader<String> each = log.reader();
                for (int i = 0; i < 5; i++) {
                  read.add(each.takeUninterruptibly());
                }
              });
      reader.start();
      for (int i = 0; i < 5; i++) {
        log.append("" + i);
      }
      reader.join();
      assertEquals(List.of("0", "1", "2", "3", "4"), read);
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> log.reader().take());
    }
  }

  /** Writers overwrite what readers are reading, all the time. */
  @Test
  @Timeout(300)
  void noEntryIsTornAndNoneIsOutOfOrder() throws InterruptedException {
    try (QueueFixture fixture = new QueueFixture()) {
      RingLog<byte[]> log =
          RingLog.named(fixture.allocator, "log", Codecs.byteArrays(), RingLogSpec.of(4, 100));
      int writers = 3;
      int each = 20_000;
      AtomicLong wrong = new AtomicLong();
      List<Thread> threads = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        threads.add(
            new Thread(
                () -> {
                  for (int i = 0; i < each; i++) {
                    byte[] entry = new byte[8 + i % 90];
                    Arrays.fill(entry, (byte) i);
                    log.append(entry);
                  }
                }));
      }
      for (int r = 0; r < 2; r++) {
        threads.add(
            new Thread(
                () -> {
                  RingLogReader<byte[]> reader = log.reader();
                  long last = -1;
                  while (last < (long) writers * each - 1) {
                    byte[] entry = reader.takeUninterruptibly();
                    for (byte found : entry) {
                      if (found != entry[0]) {
                        wrong.incrementAndGet();
                      }
                    }
                    if (reader.position() - 1 <= last) {
                      wrong.incrementAndGet();
                    }
                    last = reader.position() - 1;
                  }
                }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(0, wrong.get());
      assertEquals((long) writers * each, log.appended());
      assertEquals(List.of(), log.check().findings());
    }
  }

  @Test
  @Timeout(300)
  void aLogAtAnOffsetIsFound() {
    try (QueueFixture fixture = new QueueFixture()) {
      RingLogSpec spec = RingLogSpec.of(5, 16);
      long offset = fixture.allocator.allocateAligned(RingLog.length(spec), 64);
      fixture.heap.fill(offset, RingLog.length(spec), (byte) 0);
      assertThrows(
          NotAQueueException.class, () -> RingLog.at(fixture.heap, offset, Codecs.byteArrays()));
      RingLog.at(fixture.heap, offset, Codecs.byteArrays(), spec).append(new byte[] {1, 2});
      RingLog<byte[]> found = RingLog.at(fixture.heap, offset, Codecs.byteArrays());
      assertEquals(spec, found.spec());
      assertArrayEquals(new byte[] {1, 2}, all(found).get(0));
      assertThrows(
          NotAQueueException.class,
          () -> RingLog.at(fixture.heap, offset, Codecs.byteArrays(), RingLogSpec.of(6, 16)));
      assertTrue(found.toString().contains("" + offset));
    }
  }
}
