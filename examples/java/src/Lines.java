import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Properties;
import java.util.function.Consumer;

/** Leaderfall's protocol as seen from Java: JSON lines on stdin and stdout. Nothing here knows a broker. */
final class Lines {
    private static final int PROTOCOL = 1;
    private static final BufferedReader IN = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    private static final Gson GSON = new Gson();

    private Lines() {}

    /** The first line: what to connect to, and what the scenario asks for. */
    static JsonObject hello() throws IOException {
        // stdout is for the protocol alone: whatever a library prints goes to stderr.
        System.setOut(System.err);
        return JsonParser.parseString(IN.readLine()).getAsJsonObject();
    }

    /** Calls back with each further line, in a thread of its own. The end of the input ends the program: its worker is gone. */
    static void listen(Consumer<JsonObject> onLine) {
        Thread reader = new Thread(() -> {
            try {
                for (String text = IN.readLine(); text != null; text = IN.readLine()) onLine.accept(JsonParser.parseString(text).getAsJsonObject());
                Runtime.getRuntime().halt(0);
            } catch (IOException | RuntimeException error) {
                error.printStackTrace();
                Runtime.getRuntime().halt(1);
            }
        }, "worker lines");
        reader.setDaemon(true);
        reader.start();
    }

    static JsonObject line(String type) {
        JsonObject line = new JsonObject();
        line.addProperty("type", type);
        return line;
    }

    /** From any thread: lines never mix. */
    static synchronized void say(JsonObject line) {
        OUT.print(GSON.toJson(line) + "\n");
        OUT.flush();
    }

    static void ready(String client) {
        JsonObject line = line("ready");
        line.addProperty("protocol", PROTOCOL);
        line.addProperty("client", client);
        say(line);
    }

    /** Goes into the run's timeline. */
    static void note(String message) {
        JsonObject line = line("note");
        line.addProperty("message", message);
        say(line);
    }

    static byte[] bytes(JsonObject message) {
        return Base64.getDecoder().decode(message.get("payload").getAsString());
    }

    static String text(byte[] payload) {
        return Base64.getEncoder().encodeToString(payload);
    }

    /** Settings that every Kafka client of this example has: where the nodes are, and whatever the scenario's options add. */
    static Properties settings(JsonObject hello) {
        Properties settings = new Properties();
        StringBuilder servers = new StringBuilder();
        for (var endpoint : hello.getAsJsonArray("endpoints")) {
            JsonObject at = endpoint.getAsJsonObject();
            servers.append(servers.isEmpty() ? "" : ",").append(at.get("host").getAsString()).append(':').append(at.get("port").getAsInt());
        }
        settings.setProperty("bootstrap.servers", servers.toString());
        settings.setProperty("client.id", "java-" + hello.get("role").getAsString() + "-" + hello.get("index").getAsInt());
        settings.setProperty("request.timeout.ms", hello.getAsJsonObject("policy").get("requestTimeoutMs").getAsString());
        return settings;
    }

    /** The scenario's options win: they are passed to the library as Kafka spells them, such as {@code linger.ms}. */
    static void addOptions(JsonObject hello, Properties settings) {
        hello.getAsJsonObject("options").entrySet().forEach(option -> settings.setProperty(option.getKey(), option.getValue().getAsString()));
    }
}
