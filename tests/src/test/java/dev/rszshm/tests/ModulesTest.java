package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.sync.Mutex;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user's module on the module path: what it can use, and what it cannot reach. */
@Timeout(300)
class ModulesTest {
  private static final String MODULE_INFO =
      """
      module org.example.user {
        requires dev.rszshm.structures;
      }
      """;

  private static final String MAIN =
      """
      package org.example.user;

      import dev.rszshm.allocator.Allocator;
      import dev.rszshm.heap.Heap;
      import dev.rszshm.heap.view.LongCounter;
      import dev.rszshm.structures.channel.Channel;
      import dev.rszshm.structures.channel.ChannelSpec;
      import dev.rszshm.sync.Mutex;

      public class Main {
        public static void main(String[] arguments) throws Exception {
          try (Heap heap = Heap.builder().createAnonymous();
              Allocator allocator = Allocator.on(heap)) {
            LongCounter.at(heap, allocator.allocateZeroed(8)).getAndIncrement();
            Mutex mutex = Mutex.at(heap, allocator.allocateZeroed(Mutex.LENGTH));
            mutex.lock();
            mutex.unlock();
            Channel channel =
                Channel.named(allocator, "numbers", ChannelSpec.of(4, ChannelSpec.Width.fixed(8)));
            channel.send(new byte[8]);
            System.out.println(channel.receive().length + " bytes in " + Main.class.getModule());
          }
        }
      }
      """;

  private static final String STARTER_INFO =
      """
      module org.example.user {
        requires dev.rszshm.structures;
        provides dev.rszshm.structures.worker.WorkerBody with org.example.user.Main.Body;
      }
      """;

  private static final String STARTER =
      """
      package org.example.user;

      import dev.rszshm.heap.Heap;
      import dev.rszshm.structures.worker.WorkerBody;
      import dev.rszshm.structures.worker.WorkerContext;
      import dev.rszshm.structures.worker.WorkerLauncher;
      import dev.rszshm.structures.worker.WorkerOutput;
      import dev.rszshm.structures.worker.WorkerProcess;
      import dev.rszshm.structures.worker.WorkerSpec;
      import java.time.Duration;

      public class Main {
        public static final class Body implements WorkerBody {
          @Override
          public void run(WorkerContext context) {
            Heap.builder().createAnonymous().close();
            System.out.println("worker in " + Body.class.getModule());
          }
        }

        public static void main(String[] arguments) throws Exception {
          WorkerSpec spec =
              WorkerSpec.of(Body.class)
                  .withOutput(WorkerOutput.toConsumer(line -> System.out.println(line.text())));
          try (WorkerProcess worker = WorkerLauncher.start(spec)) {
            worker.awaitReady(Duration.ofMinutes(1));
            System.out.println(worker.awaitExit().describe());
          }
        }
      }
      """;

  @TempDir Path directory;

  /**
   * Directories or jars of the modules and of what they need, as this test's class path has them.
   */
  private static String modulePath() {
    List<String> modules = new ArrayList<>();
    for (Class<?> type : List.of(Heap.class, Mutex.class, Allocator.class, Channel.class)) {
      modules.add(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }
    Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.matches(".*/(jnr|jffi|asm)[-.\\w]*\\.jar"))
        .forEach(modules::add);
    return String.join(File.pathSeparator, modules);
  }

  /** Compiles a module of one class; returns what the compiler said. */
  private String compile(String info, String main) throws IOException {
    Path source = Files.createDirectories(directory.resolve("source/org/example/user"));
    Path infoFile = directory.resolve("source/module-info.java");
    Files.writeString(infoFile, info);
    Path mainFile = source.resolve("Main.java");
    Files.writeString(mainFile, main);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    boolean done =
        compiler
            .getTask(
                said,
                null,
                null,
                List.of(
                    "--release",
                    "17",
                    "-proc:none",
                    "--module-path",
                    modulePath(),
                    "-d",
                    directory.resolve("classes").toString()),
                null,
                compiler
                    .getStandardFileManager(null, null, StandardCharsets.UTF_8)
                    .getJavaFileObjects(infoFile, mainFile))
            .call();
    assertEquals(done, said.toString().lines().noneMatch(line -> line.contains("error:")));
    return said.toString();
  }

  @Test
  void moduleOfAUserRuns() throws Exception {
    assertEquals("8 bytes in module org.example.user", run(MODULE_INFO, MAIN));
  }

  @Test
  void moduleOfAUserStartsWorkersOfItsOwn() throws Exception {
    assertEquals("worker in module org.example.user\nexit status 0", run(STARTER_INFO, STARTER));
  }

  private String run(String info, String main) throws Exception {
    String said = compile(info, main);
    assertTrue(said.isEmpty(), said);
    List<String> command =
        new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xshare:auto"));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=dev.rszshm.heap,org.jnrproject.jffi");
    }
    command.addAll(
        List.of(
            "--module-path",
            modulePath() + File.pathSeparator + directory.resolve("classes"),
            "--module",
            "org.example.user/org.example.user.Main"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.strip();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dev.rszshm.heap.internal.map.Span",
        "dev.rszshm.heap.internal.raw.RawAccess",
        "dev.rszshm.heap.internal.os.LinuxSystemCalls",
        "dev.rszshm.sync.internal.LockWord",
        "dev.rszshm.allocator.internal.lane.Lane",
        "dev.rszshm.structures.internal.ring.Ring"
      })
  void internalClassCannotBeReached(String internal) throws Exception {
    String main =
        MAIN.replace(
            "public static void main",
            "static Class<?> found = " + internal + ".class;\n" + "  public static void main");
    String said = compile(MODULE_INFO, main);
    String internalPackage = internal.substring(0, internal.lastIndexOf('.'));
    assertTrue(said.contains(internalPackage + " is not visible"), said);
  }
}
