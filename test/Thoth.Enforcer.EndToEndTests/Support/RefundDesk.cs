using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Thoth.Enforcer.EndToEndTests.Support;

/// <summary>Does on the pages of samples/WebTools what a person does, and sends requests like a client without a browser.</summary>
internal static class RefundDesk
{
    public static async Task OpenDeskAsync(this IPage page, string url, string user)
    {
        await page.GotoAsync($"{url}/sign-in.html");
        await page.GetByRole(AriaRole.Button, new() { Name = user }).ClickAsync();
        await Expect(page.Locator("#name")).ToHaveTextAsync(user);
        await Expect(page).ToHaveURLAsync(new Regex("conversation="));
    }

    public static async Task<ILocator> RefundAsync(this IPage page, string order, string amount)
    {
        await page.GetByLabel("Order").FillAsync(order);
        await page.GetByLabel("Amount").FillAsync(amount);
        await page.GetByRole(AriaRole.Button, new() { Name = "Refund" }).ClickAsync();
        return page.CardOf(order);
    }

    public static ILocator CardOf(this IPage page, string order) =>
        page.Locator(".card").Filter(new() { HasText = $"order {order} ·" }).First;

    public static Task ToBeAsync(this ILocator card, string state, string text) => Task.WhenAll(
        Expect(card.Locator(".pill")).ToHaveTextAsync(state, new() { Timeout = 20_000 }),
        Expect(card.Locator(".text")).ToContainTextAsync(text, new() { Timeout = 20_000 }));

    public static async Task<HttpClient> SignInAsync(string url, string user)
    {
        var client = new HttpClient { BaseAddress = new Uri(url) };
        (await client.PostAsync(new Uri($"/login?user={user}", UriKind.Relative), null)).EnsureSuccessStatusCode();
        return client;
    }

    public static async Task<HttpResponseMessage> PostRefundAsync(
        this HttpClient client, string order, int amount, string conversation, string? held = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/orders/{order}/refund?amount={amount}");
        request.Headers.Add("Thoth-Conversation", conversation);
        if (held is not null)
        {
            request.Headers.Add("Thoth-Held", held);
        }

        return await client.SendAsync(request, cancellationToken);
    }

    /// <summary>Approves what waits on the approver's page of the sample.</summary>
    public static async Task ApproveAllAsync(this HttpClient approver)
    {
        foreach (var call in (await approver.GetFromJsonAsync<JsonElement[]>("/approvals"))!)
        {
            using var response = await approver.PostAsync(new Uri($"/approvals/{call.GetProperty("id").GetString()}", UriKind.Relative), null);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        }
    }

    /// <summary>The orders of the ledger's refunds, or of other entries: what the tools have really done.</summary>
    public static async Task<string[]> BookedAsync(this HttpClient client, string what = "refunded") =>
    [
        .. (await client.GetFromJsonAsync<JsonElement[]>("/ledger"))!.Where(entry => entry.GetProperty("what").GetString() == what)
            .Select(entry => entry.GetProperty("order").GetString()!),
    ];

    public static ILocator Ledger(this IPage page, string text) => page.Locator("#ledger tr").Filter(new() { HasText = text });
}
