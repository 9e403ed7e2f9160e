package dev.rszshm.tests.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events are recorded, written to a file and read back. */
@Timeout(300)
class FlightRecorderTest {
  private static final Path SETTINGS =
      Path.of(System.getProperty("dev.rszshm.root", ".."), "docs", "rszshm.jfc");

  @TempDir Path directory;

  private interface Action {
    void run(Happenings scene) throws Exception;
  }

  /** Lets something happen while a recording with the settings of docs/rszshm.jfc runs. */
  private List<RecordedEvent> record(Happenings scene, Action action) throws Exception {
    Path file = directory.resolve("heap.jfr");
    try (Recording recording = new Recording(Configuration.create(SETTINGS))) {
      recording.start();
      action.run(scene);
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("dev.rszshm."))
        .filter(event -> event.getString("heap").equals(scene.heap.path().toString()))
        .toList();
  }

  private static RecordedEvent only(List<RecordedEvent> events, String name) {
    List<RecordedEvent> found =
        events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
    assertEquals(1, found.size(), () -> name + " in " + events);
    return found.get(0);
  }

  @Test
  void everyKindIsRecorded() throws Exception {
    try (Happenings scene = new Happenings()) {
      long[] seen = new long[2];
      List<RecordedEvent> events =
          record(
              scene,
              it -> {
                seen[0] = it.grow();
                seen[1] = it.ownerDies();
                it.participantDies();
                // Longer than a busy machine takes up to the first sleep, which is not counted.
                it.waitInVain(Duration.ofSeconds(1));
              });
      RecordedEvent growth = only(events, "dev.rszshm.Growth");
      assertEquals(seen[0], growth.getLong("from"));
      assertEquals(scene.heap.length(), growth.getLong("to"));
      assertFalse(growth.getDuration().isZero());
      assertTrue(
          growth.getStackTrace().getFrames().stream()
              .anyMatch(frame -> frame.getMethod().getName().equals("grow")));
      RecordedEvent death = only(events, "dev.rszshm.OwnerDeath");
      assertEquals(seen[1], death.getLong("offset"));
      assertEquals(1, only(events, "dev.rszshm.Recovery").getInt("lanes"));
      RecordedEvent wait = only(events, "dev.rszshm.SlowWait");
      assertFalse(wait.getBoolean("found"));
      assertEquals(Thread.currentThread().getName(), wait.getThread().getJavaName());
    }
  }

  @Test
  void allocationThatGrowsIsRecorded() throws Exception {
    try (Happenings scene = new Happenings()) {
      List<RecordedEvent> events = record(scene, Happenings::allocateMuch);
      RecordedEvent allocation = only(events, "dev.rszshm.SlowAllocation");
      assertEquals(8 << 20, allocation.getLong("length"));
      assertTrue(allocation.getBoolean("allocated"));
    }
  }

  @Test
  void settingsNameEveryEvent() throws Exception {
    Set<String> named =
        Configuration.create(SETTINGS).getSettings().keySet().stream()
            .map(key -> key.substring(0, key.indexOf('#')))
            .collect(Collectors.toSet());
    assertEquals(
        Set.of(
            "dev.rszshm.Growth",
            "dev.rszshm.Recovery",
            "dev.rszshm.OwnerDeath",
            "dev.rszshm.SlowWait",
            "dev.rszshm.SlowAllocation",
            "dev.rszshm.WorkerStart",
            "dev.rszshm.WorkerDeath"),
        named);
  }
}
