using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Page.SignIn;
using Thoth.Enforcer.Tenants;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer;

/// <summary>The command <c>thoth-enforcer</c>.</summary>
internal static class Program
{
    /// <returns>0, or 2 if the server cannot start.</returns>
    public static async Task<int> Main(string[] args)
    {
        try
        {
            switch (args)
            {
                case ["--help" or "-h"]:
                    Console.WriteLine(CommandLine.Usage);
                    return 0;
                case ["new-key", .. var rest]:
                    Console.WriteLine(NewKey.Make(rest));
                    return 0;
            }

            var options = CommandLine.Read(args, Environment.GetEnvironmentVariable);
            await using var app = EnforcerServer.Build(options, TimeProvider.System);
            await app.StartAsync();
            var services = app.Services;
            Console.WriteLine(StartupBanner.Of(app.Urls.First(), services.GetRequiredService<PageToken>(), services.GetRequiredService<ApiKeys>(), options));
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (e is UsageException or PolicyLoadException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }
}
