using System.Diagnostics;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Limits;

/// <summary>The program as a process: no file and no variable opens the network without keys.</summary>
public class BoundAddressTests
{
    private const string OpenEndpoint = """{"Kestrel":{"Endpoints":{"x":{"Url":"URL"}}}}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thoth-bound-");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestCase("http://0.0.0.0:0")]
    [TestCase("http://*:0")]
    [TestCase("http://[::]:0")]
    [TestCase("http://unix:/tmp/thoth-enforcer-test.sock")]
    public async Task Start_OpenEndpointInASettingsFile_IsRefused(string url)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "appsettings.json"), OpenEndpoint.Replace("URL", url, StringComparison.Ordinal));

        var (code, _, error) = await RunAsync();

        Assert.That(code, Is.EqualTo(2), error);
        Assert.That(error, Does.Contain("can be reached by others").And.Contain("--allow-remote").And.Not.Contain("   at "));
    }

    [TestCase("Kestrel__Endpoints__x__Url")]
    [TestCase("ASPNETCORE_Kestrel__Endpoints__x__Url")]
    [TestCase("DOTNET_Kestrel__Endpoints__x__Url")]
    public async Task Start_OpenEndpointInTheEnvironment_IsRefused(string name)
    {
        var (code, _, error) = await RunAsync((name, "http://0.0.0.0:0"));

        Assert.That(code, Is.EqualTo(2), error);
        Assert.That(error, Does.Contain("can be reached by others"));
    }

    [TestCase("ASPNETCORE_URLS", "http://0.0.0.0:0")]
    [TestCase("DOTNET_URLS", "http://0.0.0.0:0")]
    [TestCase("URLS", "http://0.0.0.0:0")]
    [TestCase("HTTP_PORTS", "0")]
    [TestCase("ASPNETCORE_HTTP_PORTS", "0")]
    [TestCase("Kestrel__Endpoints__x__Url", "http://127.0.0.1:0")]
    public async Task Start_OtherVariables_ListensOnLoopback(string name, string value)
    {
        var (_, output, error) = await RunAsync((name, value));

        Assert.That(output, Does.Contain("Thoth enforcer at http://127.0.0.1:"), error);
    }

    [Test]
    public async Task Start_ByAnEndpointOfTheConfigurationWithKeys_IsAllowedWithTheSwitch()
    {
        await using var host = await EnforcerHost.StartAsync(
            static options => options with { AllowRemote = true, Urls = "http://0.0.0.0:0", Keys = "acme=thoth_test_acme_0123456789" });

        Assert.That(host.Url, Does.StartWith("http://0.0.0.0:"));
    }

    /// <summary>Runs the program until it ends or has started.</summary>
    private async Task<(int Code, string Output, string Error)> RunAsync(params (string Name, string Value)[] environment)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "policy.json"), TestPolicy.Json);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Thoth.Enforcer.dll"), "--policy", "policy.json", "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = "";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            output += line + "\n";
            if (line.Contains("approvals", StringComparison.Ordinal))
            {
                process.Kill();
            }
        }

        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
