using ExistingApp.Plugins;
using ExistingApp.Tools;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace ExistingApp;

/// <summary>Plays the agent: it makes a fixed list of calls instead of a model's choices.</summary>
internal sealed class Agent(
    IOrderTools orders, ICustomerTools customers, IRefundTools refunds, IShippingTools shipping, IStockTools stock,
    [FromKeyedServices("daily")] IReportTools reports, IAnsiConsole console)
{
    public async Task WorkAsync()
    {
        await UseAsync("list_orders", async () => $"{(await orders.ListOrdersAsync("C-7")).Count} orders");
        await UseAsync("find_order", async () => $"{await orders.FindOrderAsync("A-1001")}");
        await UseAsync("track_parcel", async () => await shipping.TrackParcelAsync("A-1001"));
        await UseAsync("refund", () => Task.FromResult(refunds.Refund("A-1001", 40)));
        await UseAsync("refund", () => Task.FromResult(refunds.Refund("A-1002", 250)));
        await UseAsync("send_email", () => customers.SendEmailAsync("C-7", "Your refund", "It is on its way."));
        await UseAsync("cancel_order", async () => $"{await orders.CancelOrderAsync("A-1002")}");
        await UseAsync("build_report", () => reports.BuildReportAsync("C-7"));
        await UseAsync("find_low_stock", async () =>
        {
            var articles = new List<string>();
            await foreach (var article in stock.FindLowStockAsync(below: 5))
            {
                articles.Add(article);
            }

            return string.Join(", ", articles);
        });
    }

    /// <summary>Works like an agent's loop: the model gets the message of an exception, and the loop continues.</summary>
    private async Task UseAsync(string tool, Func<Task<string>> call)
    {
        try
        {
            console.MarkupLineInterpolated($"{tool,-15} [green]{await call()}[/]");
        }
        catch (Exception e)
        {
            console.MarkupLineInterpolated($"{tool,-15} [red]{e.Message}[/]");
        }
    }
}
