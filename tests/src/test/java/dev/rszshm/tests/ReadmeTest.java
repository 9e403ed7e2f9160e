package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the README is compiled and run as it stands there, all of it on one heap. */
class ReadmeTest {
  private static final Path README = Path.of(System.getProperty("dev.rszshm.root"), "README.md");

  /** Where the README has its heap. */
  private static final String PATH = "\"/dev/shm/numbers\"";

  /** What a snippet imports is compiled with all of them. */
  private static final Pattern IMPORT = Pattern.compile("^import .*;\n", Pattern.MULTILINE);

  private static final String IMPORTS =
      """
      import static java.nio.charset.StandardCharsets.UTF_8;
      import dev.rszshm.allocator.*;
      import dev.rszshm.heap.*;
      import dev.rszshm.sync.*;
      import dev.rszshm.heap.view.*;
      import dev.rszshm.structures.bitset.*;
      import dev.rszshm.structures.channel.*;
      import dev.rszshm.structures.channel.ChannelSpec.*;
      import dev.rszshm.structures.codec.*;
      import dev.rszshm.structures.counters.*;
      import dev.rszshm.structures.list.*;
      import dev.rszshm.structures.map.*;
      import dev.rszshm.structures.object.*;
      import dev.rszshm.structures.pool.*;
      import dev.rszshm.structures.queue.*;
      import dev.rszshm.structures.request.*;
      import dev.rszshm.structures.strings.*;
      import dev.rszshm.structures.struct.*;
      import dev.rszshm.structures.sorted.*;
      import dev.rszshm.structures.topic.*;
      import java.nio.file.Path;
      import java.util.*;
      import java.util.concurrent.CompletableFuture;
      """;

  /** What the snippets call and leave to the reader. */
  private static final String AROUND =
      """
        static void repair(Heap heap) {}
        static void change(Heap heap) {}
      """;

  @TempDir(factory = InMemory.class)
  Path directory;

  private static List<String> snippets() throws IOException {
    return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(README))
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }

  /** A snippet that makes no heap of its own is one that goes on with a heap and its allocator. */
  private static String method(int number, String snippet) {
    String path = snippet.contains("Path path =") ? "String file" : "Path path";
    String head = "  public static void run" + number + "(" + path + ") throws Exception {\n";
    String body = IMPORT.matcher(snippet).replaceAll("").replace(PATH, "file");
    return snippet.contains("Heap heap =")
        ? head + body + "  }\n"
        : head
            + "try (Heap heap = Heap.attach(path); Allocator allocator = Allocator.on(heap)) {\n"
            + body
            + "}\n  }\n";
  }

  private Class<?> compile(List<String> snippets) throws IOException, ClassNotFoundException {
    StringBuilder source = new StringBuilder(IMPORTS);
    for (String snippet : snippets) {
      IMPORT.matcher(snippet).results().map(MatchResult::group).forEach(source::append);
    }
    source.append("public class Readme {\n");
    source.append(AROUND);
    for (int i = 0; i < snippets.size(); i++) {
      source.append(method(i, snippets.get(i)));
    }
    source.append("}\n");
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Readme.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-proc:none",
              "-d",
              directory.toString(),
              "-classpath",
              System.getProperty("java.class.path"));
      boolean compiled = compiler.getTask(errors, files, null, options, null, List.of(file)).call();
      assertTrue(compiled, () -> errors + "\n" + source);
    }
    URL[] path = {directory.toUri().toURL()};
    return new URLClassLoader(path, getClass().getClassLoader()).loadClass("Readme");
  }

  private static void run(Class<?> program, int number, Path heap) throws Exception {
    try {
      for (var method : program.getMethods()) {
        if (method.getName().equals("run" + number)) {
          boolean text = method.getParameterTypes()[0] == String.class;
          method.invoke(null, text ? heap.toString() : heap);
        }
      }
    } catch (InvocationTargetException e) {
      throw new AssertionError("snippet " + (number + 1) + " of the README", e.getCause());
    }
  }

  @Test
  void allSnippetsRunInOrderAndAgainOnTheSameHeap() throws Exception {
    List<String> snippets = snippets();
    assertTrue(snippets.size() >= 4, () -> snippets.size() + " snippets");
    assertEquals(
        1,
        snippets.stream().filter(snippet -> snippet.contains(PATH)).count(),
        () -> snippets.stream().collect(Collectors.joining("\n\n")));
    Class<?> program = compile(snippets);
    Path path = directory.resolve("numbers");
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < snippets.size(); i++) {
        run(program, i, path);
      }
      for (int i = 0; i < snippets.size(); i++) {
        run(program, i, path); // each twice in a row, too
        run(program, i, path);
      }
    }
    try (Heap heap = Heap.attach(path);
        Allocator allocator = Allocator.on(heap)) {
      assertEquals(List.of(), allocator.check().findings());
      heap.remove();
    }
  }
}
