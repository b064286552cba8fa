using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Thoth.Interception;
using WebMinimal;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
builder.Services.AddAuthorization();

builder.Services.AddThoth(builder.Configuration)
    .UseLocalPolicy("thoth.policy.json")
    .AddAspNetCore();
builder.Services.AddGovernedTools<IRefundTools, RefundTools>();
builder.Services.AddThothProblemDetails();

var app = builder.Build();
app.UseExceptionHandler();
app.UseThoth();

app.MapPost("/orders/{order}/refund", async (string order, decimal amount, IRefundTools tools) => await tools.RefundAsync(order, amount))
    .ProducesThothProblems();
app.MapThothHolds("/holds");

// Replace this by your own sign-in: it believes every name.
app.MapPost("/login", (string user) => Results.SignIn(
    new ClaimsPrincipal(new ClaimsIdentity(
        [new(ClaimTypes.NameIdentifier, user), new(ClaimTypes.Role, user == "bob" ? "approver" : "clerk")], "login"))))
    .AllowAnonymous();

// The role is checked here, because ResolveAsync does not check who approves.
app.MapPost("/approvals/{id}", async (string id, ClaimsPrincipal user, IThothHolds holds) =>
    await holds.GetAsync(id) is { } held
    && await holds.ResolveAsync(held, ApprovalAnswer.Approve(user.FindFirstValue(ClaimTypes.NameIdentifier)!))
        ? Results.NoContent()
        : Results.NotFound())
    .RequireAuthorization(policy => policy.RequireRole("approver"));

app.Run();
