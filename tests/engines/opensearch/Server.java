import java.io.IOException;
import java.io.PrintStream;
import org.codelibs.opensearch.runner.OpenSearchRunner;
import org.opensearch.common.settings.Settings;
import org.opensearch.http.HttpServerTransport;

/**
 * One OpenSearch node on a free loopback port. The argument is a folder for its data. Prints one line with its address
 * once it answers. Stops and removes the folder when its input ends: it never outlives the process that started it.
 */
public final class Server {
    public static void main(String[] arguments) {
        PrintStream out = System.out; // the node's logger takes System.out over
        OpenSearchRunner runner = new OpenSearchRunner();
        try {
            runner.onBuild((number, settings) -> configure(settings));
            runner.build(OpenSearchRunner.newConfigs().basePath(arguments[0]).clusterName("ruleport").numOfNode(1));
            HttpServerTransport http = runner.getInstance(HttpServerTransport.class);
            out.println("ready http://" + http.boundAddress().publishAddress());
            while (System.in.read() >= 0) { }
            runner.close();
            runner.clean();
            Runtime.getRuntime().halt(0);
        } catch (IOException | RuntimeException problem) {
            problem.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private static void configure(Settings.Builder settings) {
        settings.put("discovery.type", "single-node");
        settings.put("network.host", "127.0.0.1");
        settings.put("http.port", "0");
        settings.put("transport.port", "0");
        settings.put("cluster.routing.allocation.disk.threshold_enabled", "false");
        settings.put("script.max_compilations_rate", "100000/1m");
    }
}
