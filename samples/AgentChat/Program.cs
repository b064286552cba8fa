using AgentChat.Conversations;
using AgentChat.Models;
using AgentChat.Web;
using Microsoft.AspNetCore.DataProtection;
using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace AgentChat;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var (run, error) = RunOptions.Parse(args);
        if (run is null)
        {
            await Console.Error.WriteLineAsync(error);
            return 2;
        }

        var model = run.Demo ? new ChosenModel(new ScriptedModel(), "scripted model") : ChosenModel.FromEnvironment();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(run.Urls);

        // Only names of this machine: no page of another site gets here by a name that leads to loopback.
        builder.Configuration["AllowedHosts"] = "localhost;127.0.0.1;[::1]";
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (run.Demo)
        {
            builder.Logging.ClearProviders();
        }

        builder.Services.AddSingleton(run).AddSingleton(model);
        builder.Services.AddSupportAgent(model.Client, run.Enforcer);
        builder.Services.AddSingleton<ChatPage>().AddSingleton<ConsoleDemo>();
        builder.Services.AddAntiforgery();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        try
        {
            await using var app = builder.Build();
            if (run.Demo)
            {
                return await app.Services.GetRequiredService<ConsoleDemo>().PlayAsync();
            }

            app.MapChat();
            await app.StartAsync();
            await Console.Out.WriteLineAsync($"The agent is at {app.Urls.First()} ({model.Name}). Press Ctrl+C to stop it.");
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (e is PolicyLoadException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }
}
