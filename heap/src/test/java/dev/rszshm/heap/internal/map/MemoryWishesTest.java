package dev.rszshm.heap.internal.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Grant;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.faults.FaultySystemCalls;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryWishesTest {
  private static final long ADDRESS = 0x2c20_0000_0000L;
  private static final int LENGTH = 1 << 16;

  @Test
  void theKernelPrefersTheNodeItIsTold() throws Exception {
    SystemCalls host = SystemCalls.host();
    int descriptor = host.createInMemory("node");
    host.truncate(descriptor, LENGTH);
    host.reserve(ADDRESS, LENGTH);
    try {
      host.overlay(descriptor, ADDRESS, 0, LENGTH, true);
      Grant grant = MemoryWishes.preferNode(host, ADDRESS, LENGTH, 0, "0-1");
      if (grant.granted()) {
        List<String> policies =
            Files.readAllLines(Path.of("/proc/self/numa_maps")).stream()
                .filter(line -> line.startsWith(Long.toHexString(ADDRESS)))
                .toList();
        assertEquals(1, policies.size());
        assertTrue(policies.get(0).contains(" prefer"), policies::toString);
      } else {
        assertTrue(grant.explanation().contains("mbind"), grant::explanation);
      }
      Grant none = MemoryWishes.preferNode(host, ADDRESS, LENGTH, 1000, "0-1");
      assertFalse(none.granted());
      for (int node : new int[] {-1, 1024, Integer.MAX_VALUE}) {
        assertThrows(SystemCallException.class, () -> host.preferNode(ADDRESS, LENGTH, node));
      }
    } finally {
      host.unmap(ADDRESS, LENGTH);
      host.close(descriptor);
    }
  }

  @Test
  void everyRefusalOfANodeIsExplained() {
    FaultySystemCalls faults = new FaultySystemCalls();
    SystemCalls calls = faults.fail("preferNode", 1, Errno.EINVAL).faulty();
    assertEquals(
        "there is no NUMA node 7 with memory: this machine has nodes 0-1",
        MemoryWishes.preferNode(calls, ADDRESS, LENGTH, 7, "0-1").explanation());
    faults.reset().fail("preferNode", 1, Errno.EPERM);
    assertTrue(
        MemoryWishes.preferNode(calls, ADDRESS, LENGTH, 1, "0-1")
            .explanation()
            .startsWith("NUMA node 1 cannot be preferred (preferNode(injected)"));
    assertEquals(
        Grant.refused("this machine has one NUMA node, so there is none to prefer"),
        MemoryWishes.preferNode(calls, ADDRESS, LENGTH, 0, "0"));
  }
}
