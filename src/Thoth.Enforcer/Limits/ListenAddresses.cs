using System.Net;
using Thoth.Enforcer.Configuration;

namespace Thoth.Enforcer.Limits;

/// <summary>Where the server may listen, and by which names it may be called.</summary>
internal static class ListenAddresses
{
    /// <exception cref="UsageException">An address is none, or reaches beyond this machine without having been allowed to.</exception>
    public static string[] Check(EnforcerOptions options, bool hasKeys)
    {
        var urls = options.Urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (urls.Length == 0 || urls.Any(static url => !TryParse(url, out _)))
        {
            throw CommandLine.Wrong($"--urls '{options.Urls}' must be addresses such as http://127.0.0.1:5080, separated by semicolons.");
        }

        if (options.AllowRemote)
        {
            return hasKeys ? urls : throw new UsageException(
                "--allow-remote needs API keys, or anybody on the network could ask about calls; make one with 'thoth-enforcer new-key' and give its file with --keys.");
        }

        return urls.FirstOrDefault(static url => !TryParse(url, out var host) || !IsLoopback(host)) is { } remote
            ? throw new UsageException(
                $"'{remote}' can be reached by other machines; listen on 127.0.0.1, or say --allow-remote and give API keys with --keys.")
            : urls;
    }

    /// <summary>Whether a name or address means this machine and no other.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool TryParse(string url, out string host)
    {
        try
        {
            host = BindingAddress.Parse(url).Host;
            return url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        }
        catch (FormatException)
        {
            host = "";
            return false;
        }
    }
}
