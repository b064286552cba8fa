using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Thoth.Interception;
using WebTools;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

// Your application, as it was: users, their data, an OpenAPI document.
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
{
    options.Cookie.Name = "webtools";
    options.Cookie.SameSite = SameSiteMode.Strict;
    options.LoginPath = "/sign-in.html";
});
builder.Services.AddAuthorization();
builder.Services.AddOpenApi();
builder.Services.AddSingleton(TimeProvider.System).AddSingleton<RefundLedger>();

// Governance: the tools, the session of each request, and responses for calls that did not run.
var thoth = builder.Services.AddThoth(builder.Configuration).AddAspNetCore().AddGovernedTools<IRefundTools, RefundTools>();
builder.Services.AddThothProblemDetails();

// With --enforcer <url> a server decides, and people approve on its page. Otherwise the policy file decides, and they approve on a page here.
var enforcer = builder.Configuration["enforcer"];
if (enforcer is null)
{
    thoth.UseLocalPolicy("thoth.policy.json").UseApprovalPage();
}
else
{
    builder.Services.Configure<ThothOptions>(options => (options.ApiUrl, options.ApiKey) = (enforcer, options.ApiKey ?? "local"));
}

var app = builder.Build();
app.UseExceptionHandler();
app.UsePages();
app.UseThoth();

app.MapPost("/orders/{order}/refund", async (string order, decimal amount, IRefundTools tools) =>
{
    // A repeated request runs from here again. The note has the idempotency key of the first time, so it is written once.
    await tools.NoteRequestAsync(order, amount);
    return await tools.RefundAsync(order, amount);
}).ProducesThothProblems();
app.MapPost("/exports", async (Export export, IRefundTools tools) => await tools.ExportAsync(export.Columns)).ProducesThothProblems();
app.MapGet("/ledger", (RefundLedger ledger) => ledger.Entries);
app.MapThothHolds("/holds");
app.MapOpenApi().AllowAnonymous();

// Replace this by your own sign-in: it believes every name.
app.MapPost("/login", (string user) => Results.SignIn(
    new ClaimsPrincipal(new ClaimsIdentity(
        [new(ClaimTypes.NameIdentifier, user), new(ClaimTypes.Role, user == "bob" ? "approver" : "clerk")], "login"))))
    .AllowAnonymous();
app.MapPost("/logout", () => Results.SignOut()).AllowAnonymous();
app.MapGet("/me", (ClaimsPrincipal user) => new Me(user.FindFirstValue(ClaimTypes.NameIdentifier)!, enforcer ?? "/approve.html"));

if (enforcer is null)
{
    app.MapApprovals();
}

app.Run();

internal sealed record Export(string[] Columns);

internal sealed record Me(string User, string ApprovePage);
