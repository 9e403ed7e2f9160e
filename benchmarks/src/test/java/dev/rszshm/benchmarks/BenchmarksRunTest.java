package dev.rszshm.benchmarks;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each benchmark runs, with sizes that say nothing about speed. */
class BenchmarksRunTest {
  @Test
  void claimsAreMeasuredBesideC() throws Exception {
    assumeTrue(Project.hasCompiler(), "no C compiler: cc is not on the path");
    String result =
        new ClaimBenchmark()
            .run(options("--bytes 5000 --processes 2 --widths 32 --warmup 1 --rounds 1"));
    assertAll(
        () -> assertTrue(result.contains("| 2 | 1 | 32 bits |"), result),
        () -> assertTrue(result.contains("| 2 | 64 | 32 bits |"), result),
        () -> assertTrue(result.contains("| 2 | C 1, Java 64 | 64 bits |"), result));
  }

  @Test
  void allocatorsAreMeasuredInTurn() throws Exception {
    assumeTrue(Project.hasCxxCompiler(), "no C++ compiler: c++ is not on the path");
    String result =
        new AllocatorBenchmark()
            .run(options("--work churn,slots --operations 300 --warmup 1 --rounds 1"));
    assertAll(
        () -> assertTrue(result.contains("| `churn` | 1 thread |"), result),
        () -> assertTrue(result.contains("| `churn` | 2 processes |"), result),
        () -> assertTrue(result.contains("| with slots |"), result),
        () -> assertTrue(result.contains("| our tables |"), result));
  }

  @Test
  void othersAreMeasuredOnDemandInColumnsOfTheirOwn(@TempDir Path directory) throws Exception {
    assumeTrue(Project.hasCxxCompiler(), "no C++ compiler: c++ is not on the path");
    Path source = Files.writeString(directory.resolve("other.c"), "int other;\n");
    Path library = directory.resolve("libother.so");
    String[] compile = {"c++", "-x", "c", "-shared", "-o", library.toString(), source.toString()};
    assertEquals(0, new ProcessBuilder(compile).start().waitFor());
    String result =
        new AllocatorBenchmark()
            .run(
                options(
                    "--work churn --operations 500 --warmup 1 --rounds 1 --preload other="
                        + library));
    assertTrue(result.contains("| ours / other | wanted |"), result);
    assertTrue(result.contains("| Boost | other |"), result);
    Options missing = options("--preload other=" + library + ".not");
    String message =
        assertThrows(IllegalArgumentException.class, () -> new AllocatorBenchmark().run(missing))
            .getMessage();
    assertTrue(message.contains("expected name=file"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pair",
        "churn",
        "handover",
        "threadtest",
        "larson",
        "xmalloc-test",
        "mstress",
        "cache-scratch",
        "sh8bench"
      })
  void worksAreDoneByProcessesAndInCpp(String work) throws Exception {
    assumeTrue(Project.hasCxxCompiler(), "no C++ compiler: c++ is not on the path");
    AllocationSetting setting = new AllocationSetting(work, true, 2, 1000);
    for (AllocationPeer peer : AllocationPeer.All.find(List.of()).peers()) {
      if (!peer.name().equals(AllocationPeer.UNSAFE)) {
        try (AllocationGroup group = peer.start(setting)) {
          for (int lap = 0; lap < 2; lap++) {
            assertTrue(group.lap().nanos() > 0, peer.name());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"churn", "larson"})
  void allAllocateTheSameRandomBlocks(String work) throws Exception {
    assumeTrue(Project.hasCxxCompiler(), "no C++ compiler: c++ is not on the path");
    AllocationSetting setting = new AllocationSetting(work, false, 2, 20_000);
    Set<Long> live = new HashSet<>();
    for (AllocationPeer peer : AllocationPeer.All.find(List.of()).peers()) {
      try (AllocationGroup group = peer.start(setting)) {
        group.lap();
        group.lap();
        live.add(group.memory().live());
      }
    }
    assertEquals(1, live.size(), () -> "bytes in use are " + live);
  }

  @Test
  void attachAndCloseAreMeasured() throws Exception {
    String result = new AttachBenchmark().run(options("--attaches 50 --warmup 1"));
    assertAll(
        () -> assertTrue(result.contains("| write | close |"), result),
        () -> assertTrue(result.contains("| read | attach |"), result));
  }

  @Test
  void followingAGrowthTakesOneRemapAndNothingElseTakesAny() throws Exception {
    String result = new CatchUpBenchmark().run(options("--growths 60 --warmup 1"));
    assertAll(
        () -> assertTrue(result.contains("1.00 `overlay`"), result),
        () -> assertTrue(result.contains("| none | none | reached |"), result));
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "heap", "region", "array"})
  void loopsChangeEachTarget(String target) {
    AccessLoops loops = new AccessLoops();
    loops.target = target;
    loops.create();
    try {
      long before = loops.longSum();
      loops.longSequential();
      assertEquals(before + AccessLoops.OPERATIONS, loops.longSum());
    } finally {
      loops.remove();
    }
  }

  @Test
  void loopsUseARealHeapAlsoAfterASimulation() {
    AccessLoopsAfterSimulation loops = new AccessLoopsAfterSimulation();
    loops.target = "heap";
    loops.create();
    try {
      long before = loops.longSum();
      loops.simulate();
      assertEquals(before, loops.longSum(), "the simulation has memory of its own");
      loops.longSequential();
      assertEquals(before + AccessLoops.OPERATIONS, loops.longSum());
    } finally {
      loops.remove();
    }
  }

  @Test
  void aClassPathLosesTheKitAndNothingElse() throws Exception {
    String kit = SeamBenchmark.kit().toString();
    String others = String.join(File.pathSeparator, "/a/heap.jar", "/b/classes");
    String all = String.join(File.pathSeparator, "/a/heap.jar", kit, "/b/classes");
    assertEquals(others, SeamBenchmark.withoutKit(all, SeamBenchmark.kit()));
    assertThrows(
        IllegalStateException.class, () -> SeamBenchmark.withoutKit(others, SeamBenchmark.kit()));
  }

  @Test
  void newResultsReplaceOldOnes(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("results.md");
    Files.writeString(path, "# Results\n");
    MarkdownFile file = new MarkdownFile(path);
    file.put("claim 17", "old\n");
    file.put("claim 25", "other\n");
    file.put("claim 17", "new\n");
    String text = Files.readString(path);
    assertAll(
        () -> assertTrue(text.startsWith("# Results\n"), text),
        () ->
            assertTrue(text.contains("other") && text.indexOf("new") < text.indexOf("other"), text),
        () -> assertEquals(-1, text.indexOf("old"), text));
  }

  @Test
  void medianOfRatiosIsTakenRoundByRound() throws Exception {
    double[] times = {1, 2, 10, 10, 3, 9};
    int[] next = {0};
    Rounds rounds = Rounds.alternate(3, () -> times[next[0]++], () -> times[next[0]++]);
    assertEquals(0.5, rounds.ratios(0, 1).median());
  }

  @Test
  void unknownOptionsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> options("--bites 5"));
    assertThrows(IllegalArgumentException.class, () -> options("--bytes"));
    assertThrows(IllegalArgumentException.class, () -> options("--bytes 0").number("--bytes", 1));
  }

  private static Options options(String words) {
    return new Options(List.of(words.split(" ")));
  }
}
