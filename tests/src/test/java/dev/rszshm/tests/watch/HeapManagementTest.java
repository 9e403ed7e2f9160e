package dev.rszshm.tests.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.watch.HeapMXBean;
import dev.rszshm.heap.watch.HeapManagement;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A heap as the MBean server of the platform shows it. */
@Timeout(300)
class HeapManagementTest {
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  private static HeapMXBean bean(ObjectName name) {
    return JMX.newMXBeanProxy(SERVER, name, HeapMXBean.class);
  }

  @Test
  void attributesAreThoseOfTheHeap() {
    try (Happenings scene = new Happenings();
        HeapManagement management = HeapManagement.register(scene.heap)) {
      HeapMXBean bean = bean(management.name());
      assertEquals(scene.heap.path().toString(), bean.getPath());
      assertEquals(scene.heap.id().orElseThrow().toString(), bean.getId());
      assertEquals(scene.heap.span(), bean.getSpan());
      assertEquals("0x" + Long.toHexString(scene.heap.base()), bean.getAddress());
      scene.grow();
      assertEquals(scene.heap.length(), bean.getLength());
      assertEquals(scene.heap.growths(), bean.getGrowths());
      assertEquals(1, bean.getLiveParticipants());
    }
  }

  @Test
  void reportsOfThisProcessAreCounted() throws Exception {
    try (Happenings scene = new Happenings();
        HeapManagement management = HeapManagement.register(scene.heap)) {
      HeapMXBean bean = bean(management.name());
      scene.grow();
      scene.ownerDies();
      scene.participantDies();
      do {
        // What comes before the first sleep is not counted, and may take its time on a busy
        // machine.
        scene.waitInVain(Duration.ofMillis(110));
      } while (bean.getSlowWaits() == 0); // its listener gets reports in their order
      assertEquals(1, bean.getOwnGrowths());
      assertEquals(1, bean.getOwnerDeaths());
      assertEquals(1, bean.getRecoveredLanes());
      assertTrue(bean.getLongestWaitMillis() >= 100);
      assertEquals(0, bean.getDroppedReports());
    }
  }

  @Test
  void slotsOfTheDeadAreFreedOnRequest() {
    try (Happenings scene = new Happenings();
        HeapManagement management = HeapManagement.register(scene.heap)) {
      assertEquals(0, bean(management.name()).reclaimDead());
    }
  }

  @Test
  void registrationEndsWithTheHeap() throws Exception {
    ObjectName name;
    try (Happenings scene = new Happenings()) {
      name = HeapManagement.register(scene.heap).name();
      assertTrue(SERVER.isRegistered(name));
    }
    while (SERVER.isRegistered(name)) {
      Thread.onSpinWait();
    }
    assertFalse(SERVER.isRegistered(name));
  }

  @Test
  void registrationCanBeEndedAndBegunAgain() {
    try (Happenings scene = new Happenings()) {
      HeapManagement first = HeapManagement.register(scene.heap);
      assertThrows(IllegalStateException.class, () -> HeapManagement.register(scene.heap));
      assertTrue(SERVER.isRegistered(first.name()));
      first.close();
      first.close();
      assertFalse(SERVER.isRegistered(first.name()));
      HeapManagement.register(scene.heap).close();
    }
  }

  @Test
  void closedHeapIsNotRegistered() {
    Happenings scene = new Happenings();
    Heap heap = scene.heap;
    scene.close();
    assertThrows(IllegalStateException.class, () -> HeapManagement.register(heap));
    assertFalse(SERVER.isRegistered(HeapManagement.nameOf(heap.path())));
  }

  @Test
  void pathWithOddCharactersMakesAName() {
    Path odd = Path.of("/dev/shm/a,b=c*?\"d\"");
    assertEquals(
        odd.toString(), ObjectName.unquote(HeapManagement.nameOf(odd).getKeyProperty("name")));
  }
}
