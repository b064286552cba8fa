using System.Net;
using Thoth.Enforcer.Configuration;

namespace Thoth.Enforcer.Limits;

/// <summary>Checks the addresses to listen on and the host names of requests.</summary>
internal static class ListenAddresses
{
    /// <exception cref="UsageException">A text is not an address, or other machines can reach it without permission.</exception>
    public static string[] Check(EnforcerOptions options, bool hasKeys)
    {
        var urls = options.Urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (urls.Length == 0 || urls.Any(static url => !TryParse(url, out _)))
        {
            throw CommandLine.Error($"--urls '{options.Urls}' must be addresses such as http://127.0.0.1:5080, separated by semicolons.");
        }

        if (options.AllowRemote)
        {
            return hasKeys ? urls : throw new UsageException(
                "--allow-remote requires API keys, because any machine on the network could send requests. Make one with 'thoth-enforcer new-key' and pass its file with --keys.");
        }

        return urls.FirstOrDefault(static url => !TryParse(url, out var host) || !IsLoopback(host)) is { } remote
            ? throw new UsageException(
                $"'{remote}' can be reached by other machines. Listen on 127.0.0.1, or add --allow-remote and pass API keys with --keys.")
            : urls;
    }

    /// <summary>Whether a host name or address is loopback.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool TryParse(string url, out string host)
    {
        try
        {
            // A server cannot listen on a part of its paths only.
            var address = BindingAddress.Parse(url);
            host = address.Host;
            return address.PathBase.Length == 0 && url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        }
        catch (FormatException)
        {
            host = "";
            return false;
        }
    }
}
