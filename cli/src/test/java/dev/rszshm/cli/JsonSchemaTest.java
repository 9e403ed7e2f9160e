package dev.rszshm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands write with {@code --json} is as docs/schema says. */
class JsonSchemaTest {
  private static final Path SCHEMA =
      Path.of(System.getProperty("dev.rszshm.root", ".."), "docs", "schema", "rszshm.schema.json");

  @TempDir Path directory;
  private SampleHeap sample;
  private String heap;

  @BeforeEach
  void make() throws Exception {
    heap = directory.resolve("heap").toString();
    sample = new SampleHeap(directory.resolve("heap"));
  }

  @AfterEach
  void close() {
    sample.close();
  }

  private static JsonSchema schema(String name) throws IOException {
    ObjectNode all = (ObjectNode) new ObjectMapper().readTree(Files.readString(SCHEMA));
    all.put("$ref", "#/$defs/" + name);
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(all);
  }

  private static void assertValid(String name, String lines) throws IOException {
    assertFalse(lines.isBlank(), name + " wrote nothing");
    for (String line : lines.lines().toList()) {
      assertEquals(Set.of(), schema(name).validate(line, InputFormat.JSON), line);
    }
  }

  private static void check(String... words) throws IOException {
    String[] all = java.util.Arrays.copyOf(words, words.length + 1);
    all[words.length] = "--json";
    Command.Result result = Command.run(all);
    assertValid(words[0], result.out());
    assertEquals("", result.err());
  }

  @Test
  void eachCommandWritesWhatItsSchemaSays() throws Exception {
    sample.accounts.lock();
    check("ls", directory.toString());
    check("info", heap);
    check("roots", heap);
    check("stat", heap);
    check("participants", heap);
    check("locks", heap);
    check("map", heap);
    check("top", "--once", heap);
    assertValid("bench", Command.run("bench", "--quick", "--json", "claim").out());
    check("man", directory.resolve("man").toString());
    check("dump", heap, "names");
    check("get", heap, "names", "key 7");
    check("put", heap, "names", "key 7", "other");
    check("dump", heap, "points");
    check("get", heap, "counts", "word 7");
    check("put", heap, "counts", "word 7", "3");
    check("get", heap, "points", "3");
    check("check", heap);
    check("recover", heap);
    check("grow", heap);
    check("trim", heap);
    check("create", directory.resolve("other").toString());
    check("shrink", directory.resolve("other").toString());
    check("snapshot", directory.resolve("other").toString(), directory.resolve("copy").toString());
    check("restore", directory.resolve("copy").toString(), directory.resolve("again").toString());
    check("drop", heap, "names", "words", "--force");
    check("reap", directory.toString(), "--dry-run");
    check("rm", directory.resolve("other").toString());
    sample.accounts.unlock();
  }

  @Test
  void damagedHeapAndErrorsAreAsTheSchemaSays() throws Exception {
    Path damaged = directory.resolve("damaged");
    Files.copy(sample.path, damaged);
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[17] ^= 1;
    Files.write(damaged, bytes);
    Command.Result result = Command.run("check", "--json", damaged.toString());
    assertEquals(1, result.status());
    assertValid("check", result.out());
    assertValid("ls", Command.run("ls", "--json", damaged.toString()).out());
    for (String[] words :
        new String[][] {
          {"roots", damaged.toString(), "--json"},
          {"check", directory.resolve("none").toString(), "--json"},
          {"get", heap, "none", "key", "--json"},
          {"get", heap, "names", "none", "--json"},
          {"get", heap, "jobs", "0", "--json"},
          {"put", heap, "units", "0", "x", "--json"},
          {"recover", damaged.toString(), "--json"},
          {"stat", "--json"},
          {"lss", "--json"}
        }) {
      Command.Result error = Command.run(words);
      assertFalse(error.status() == 0, words[0]);
      assertEquals("", error.out());
      assertValid("error", error.err());
    }
  }

  @Test
  void schemaRefusesWhatIsNotAsItSays() throws Exception {
    assertFalse(schema("trim").validate("{\"path\":7}", InputFormat.JSON).isEmpty());
  }
}
